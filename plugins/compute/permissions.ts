import { namespaceKind } from 'longshore/plugins/core';
import { type PermissionRule, subjectOf } from 'longshore/sdk';
import {
  alarmPolicySubject,
  alarmSubject,
  anyWorkloadKinds,
  applicationSubject,
  configMapKind,
  controllerRevisionKind,
  ingressKind,
  logStoreSubject,
  nodeKind,
  podKind,
  serviceAccountKind,
  serviceKind,
} from './api.ts';

const workloads = anyWorkloadKinds.map(subjectOf);
const pods = subjectOf(podKind);
const manageAlarms = ['READ', 'CREATE', 'UPDATE', 'DELETE'] as const;
const ofWorkspace = { member: 'DEVELOPER', tenantKind: 'workspace' } as const;
const manageApplications = ['READ', 'CREATE', 'UPDATE', 'DELETE', 'START', 'STOP', 'RESTART'] as const;
const manage = ['READ', 'CREATE', 'UPDATE', 'APPLY', 'DELETE'] as const;

/** A terminal is its operation record, and so is a kubeconfig: of whoever opened it. */
export const closeTerminalSubject = 'core/OperationRecord';

/** The matrix of roles (CORE-17) for what runs. ADMIN may do everything and needs no rule. */
export const computePermissions: readonly PermissionRule[] = [
  // One that writes is for administrators: the rules of the platform do not watch over what is done with it.
  { roles: ['DEVELOPER'], actions: ['ISSUE_KUBECONFIG'], subjects: [subjectOf(namespaceKind)], where: 'namespaces' },
  // Members see the machines, in every cluster that they may see.
  { roles: ['GUEST'], actions: ['READ', 'READ_METRICS'], subjects: [subjectOf(nodeKind)] },
  // Who opened a terminal may close it from elsewhere.
  { roles: ['GUEST'], actions: ['CLOSE'], subjects: [closeTerminalSubject], where: 'own' },
  {
    roles: ['DEVELOPER'],
    actions: manage,
    subjects: [...workloads, pods, subjectOf(serviceKind), subjectOf(ingressKind), subjectOf(configMapKind)],
    where: 'namespaces',
  },
  // Who pods are towards the cluster is for administrators to say; that one uses a Secret is for who would delete it to know.
  { roles: ['DEVELOPER'], actions: ['READ'], subjects: [subjectOf(serviceAccountKind)], where: 'namespaces' },
  // Where a StatefulSet or DaemonSet keeps its versions; only its controller writes them.
  { roles: ['DEVELOPER'], actions: ['READ'], subjects: [subjectOf(controllerRevisionKind)], where: 'namespaces' },
  {
    roles: ['DEVELOPER'],
    actions: ['SCALE', 'START', 'STOP', 'RESTART', 'PAUSE', 'RESUME', 'ROLL_BACK', 'READ_METRICS'],
    subjects: workloads,
    where: 'namespaces',
  },
  // One of a namespace is for who works there, one of a workspace for its members.
  { roles: ['DEVELOPER'], actions: manageApplications, subjects: [applicationSubject], where: 'namespaces' },
  // Alarms of a cluster are for administrators.
  { roles: ['DEVELOPER'], actions: manageAlarms, subjects: [alarmPolicySubject], where: 'namespaces' },
  { roles: ['DEVELOPER'], actions: ['READ'], subjects: [alarmSubject], where: 'namespaces' },
  { roles: ['DEVELOPER'], actions: manageAlarms, subjects: [alarmPolicySubject], where: ofWorkspace },
  { roles: ['DEVELOPER'], actions: ['READ'], subjects: [alarmSubject], where: ofWorkspace },
  {
    roles: ['DEVELOPER'],
    actions: manageApplications,
    subjects: [applicationSubject],
    where: { member: 'DEVELOPER', tenantKind: 'workspace' },
  },
  {
    roles: ['DEVELOPER'],
    actions: ['READ', 'CREATE', 'UPDATE', 'DELETE'],
    subjects: [logStoreSubject],
    where: { member: 'DEVELOPER' },
  },
  {
    roles: ['DEVELOPER'],
    actions: ['READ_LOGS', 'READ_METRICS', 'EXEC', 'ATTACH', 'EVICT', 'RESIZE'],
    subjects: [pods],
    where: 'namespaces',
  },
];
