import type { PolicyRule } from './policy-rule.ts';

export interface BootstrapRole {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly rules?: readonly PolicyRule[];
  /** Gathers the rules of all roles that carry `rbac.authorization.k8s.io/aggregate-to-<value>: "true"`. */
  readonly aggregates?: 'admin' | 'edit' | 'view';
}

export interface BootstrapBinding {
  readonly name: string;
  readonly role: string;
  readonly groups: readonly string[];
}

const read = 'get,list,watch';
const write = 'create,delete,deletecollection,patch,update';
const everyVerb = 'create,delete,deletecollection,get,list,patch,update,watch';
const core = '';

/** The roles for people that every cluster starts with (RBAC concept page, "Default roles and role bindings"). */
export const bootstrapRoles: readonly BootstrapRole[] = [
  { name: 'cluster-admin', rules: [rule('*', '*', '*'), paths('*', '*')] },
  { name: 'admin', aggregates: 'admin' },
  { name: 'edit', labels: aggregateTo('admin'), aggregates: 'edit' },
  { name: 'view', labels: aggregateTo('edit'), aggregates: 'view' },
  {
    name: 'system:aggregate-to-admin',
    labels: aggregateTo('admin'),
    rules: [
      rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews'),
      rule(everyVerb, 'rbac.authorization.k8s.io', 'rolebindings,roles'),
    ],
  },
  {
    name: 'system:aggregate-to-edit',
    labels: aggregateTo('edit'),
    rules: [
      rule(read, core, 'pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy'),
      rule('impersonate', core, 'serviceaccounts'),
      rule(write, core, 'pods,pods/attach,pods/exec,pods/portforward,pods/proxy'),
      rule('create', core, 'pods/eviction'),
      rule(
        write,
        core,
        'configmaps,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,secrets,serviceaccounts,services,services/proxy',
      ),
      rule('create', core, 'serviceaccounts/token'),
      rule(write, `${core},events.k8s.io`, 'events'),
      rule(
        write,
        'apps',
        'daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,replicasets/scale,statefulsets,statefulsets/scale',
      ),
      rule(write, 'autoscaling', 'horizontalpodautoscalers'),
      rule(write, 'batch', 'cronjobs,jobs'),
      rule(
        write,
        'extensions',
        'daemonsets,deployments,deployments/rollback,deployments/scale,ingresses,networkpolicies,replicasets,replicasets/scale,replicationcontrollers/scale',
      ),
      rule(write, 'policy', 'poddisruptionbudgets'),
      rule(write, 'networking.k8s.io', 'ingresses,networkpolicies'),
      rule(everyVerb, 'coordination.k8s.io', 'leases'),
      rule(write, 'resource.k8s.io', 'resourceclaims,resourceclaimtemplates'),
    ],
  },
  {
    name: 'system:aggregate-to-view',
    labels: aggregateTo('view'),
    rules: [
      rule(
        read,
        core,
        'configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,services/status',
      ),
      rule(
        read,
        core,
        'bindings,limitranges,namespaces/status,pods/log,pods/status,replicationcontrollers/status,resourcequotas,resourcequotas/status',
      ),
      rule(read, core, 'namespaces'),
      rule(read, `${core},events.k8s.io`, 'events'),
      rule(read, 'discovery.k8s.io', 'endpointslices'),
      rule(
        read,
        'apps',
        'controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,replicasets,replicasets/scale,replicasets/status,statefulsets,statefulsets/scale,statefulsets/status',
      ),
      rule(read, 'autoscaling', 'horizontalpodautoscalers,horizontalpodautoscalers/status'),
      rule(read, 'batch', 'cronjobs,cronjobs/status,jobs,jobs/status'),
      rule(
        read,
        'extensions',
        'daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,ingresses,ingresses/status,networkpolicies,replicasets,replicasets/scale,replicasets/status,replicationcontrollers/scale',
      ),
      rule(read, 'policy', 'poddisruptionbudgets,poddisruptionbudgets/status'),
      rule(read, 'networking.k8s.io', 'ingresses,ingresses/status,networkpolicies'),
      rule(read, 'resource.k8s.io', 'resourceclaims,resourceclaims/status,resourceclaimtemplates'),
    ],
  },
  {
    name: 'system:basic-user',
    rules: [
      rule('create', 'authorization.k8s.io', 'selfsubjectaccessreviews,selfsubjectrulesreviews'),
      rule('create', 'authentication.k8s.io', 'selfsubjectreviews'),
    ],
  },
  {
    name: 'system:discovery',
    rules: [paths('get', '/api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/')],
  },
  { name: 'system:public-info-viewer', rules: [paths('get', '/healthz,/livez,/readyz,/version,/version/')] },
  {
    name: 'system:auth-delegator',
    rules: [
      rule('create', 'authentication.k8s.io', 'tokenreviews'),
      rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
    ],
  },
  {
    name: 'system:service-account-issuer-discovery',
    rules: [
      paths(
        'get',
        '/.well-known/openid-configuration,/.well-known/openid-configuration/,/openid/v1/jwks,/openid/v1/jwks/',
      ),
    ],
  },
  {
    name: 'system:monitoring',
    rules: [
      paths('get', '/flagz,/healthz,/healthz/*,/livez,/livez/*,/metrics,/metrics/slis,/readyz,/readyz/*,/statusz'),
      rule('get', core, 'nodes/metrics'),
    ],
  },
  {
    name: 'system:kubelet-api-admin',
    rules: [
      rule(read, core, 'nodes'),
      rule('proxy', core, 'nodes'),
      rule('*', core, 'nodes/log,nodes/metrics,nodes/proxy,nodes/stats'),
      rule('*', core, 'nodes/configz,nodes/healthz,nodes/pods'),
    ],
  },
  {
    name: 'system:persistent-volume-provisioner',
    rules: [
      rule('create,delete,get,list,watch', core, 'persistentvolumes'),
      rule('get,list,update,watch', core, 'persistentvolumeclaims'),
      rule(read, 'storage.k8s.io', 'storageclasses'),
      rule('watch', core, 'events'),
      rule('create,patch,update', `${core},events.k8s.io`, 'events'),
    ],
  },
  ...['kube-apiserver-client', 'kube-apiserver-client-kubelet', 'kubelet-serving', 'legacy-unknown'].map((signer) => ({
    name: `system:certificates.k8s.io:${signer}-approver`,
    rules: [{ ...rule('approve', 'certificates.k8s.io', 'signers'), resourceNames: [`kubernetes.io/${signer}`] }],
  })),
];

export const bootstrapBindings: readonly BootstrapBinding[] = [
  { name: 'cluster-admin', role: 'cluster-admin', groups: ['system:masters'] },
  { name: 'system:basic-user', role: 'system:basic-user', groups: ['system:authenticated'] },
  { name: 'system:discovery', role: 'system:discovery', groups: ['system:authenticated'] },
  { name: 'system:monitoring', role: 'system:monitoring', groups: ['system:monitoring'] },
  {
    name: 'system:public-info-viewer',
    role: 'system:public-info-viewer',
    groups: ['system:authenticated', 'system:unauthenticated'],
  },
  {
    name: 'system:service-account-issuer-discovery',
    role: 'system:service-account-issuer-discovery',
    groups: ['system:serviceaccounts'],
  },
];

/** The label that makes a role part of one of the aggregated ones. */
export function aggregateTo(role: string): Readonly<Record<string, string>> {
  return { [`rbac.authorization.k8s.io/aggregate-to-${role}`]: 'true' };
}

function rule(verbs: string, apiGroups: string, resources: string): PolicyRule {
  return {
    verbs: verbs.split(','),
    apiGroups: apiGroups.split(','),
    resources: resources.split(','),
    resourceNames: [],
    nonResourceURLs: [],
  };
}

function paths(verbs: string, urls: string): PolicyRule {
  return { verbs: verbs.split(','), apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: urls.split(',') };
}
