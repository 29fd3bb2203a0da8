import type { Profile, ValidationIssue } from 'longshore/sdk';
import { accessAlgorithms } from '../../profile-keys/access.ts';
import { serviceProtocols, serviceTypes } from '../../profile-keys/services.ts';
import { everyLbAnnotation, lbAnnotation } from '../services/lb-annotations.ts';
import { type PlannedService, planService } from '../services/plan-service.ts';
import { type SeenService, wordOfService } from '../services/seen-service.ts';
import type { LabelForm, ServiceForm } from '../services/service-form.ts';
import { selects } from '../services/workload-labels.ts';
import { type AccessEntryForm, type AccessPortForm, isBalancedWay } from './access-form.ts';
import { checkHealthCheck, writeHealthChecks } from './health-checks.ts';
import {
  type AnnotatedService,
  accessOfAnnotation,
  accessWayAnnotation,
  linkedBalancer,
  wayOfService,
} from './linked-balancer.ts';

type Path = readonly (string | number)[];

/** What an entry is planned for. */
export interface EntryPlace {
  /** The workload, as `accessOfAnnotation` names it. */
  readonly accessOf: string;
  readonly namespace: string;
  /** Labels that find its pods. */
  readonly selector: readonly LabelForm[];
  /** Labels that all its pods have. */
  readonly podLabels: Readonly<Record<string, string>>;
  readonly application: string | undefined;
  readonly profile: Profile;
}

/** The Service that an entry makes, or makes of the one that is there, with what stands against it. Paths begin at the entry. Pure. */
export function planEntry(
  entry: AccessEntryForm,
  existing: AnnotatedService | undefined,
  place: EntryPlace,
): PlannedService {
  const { namespace, profile } = place;
  const request = { namespace, name: entry.name, profile, existing: existing as SeenService | undefined };
  const form = formOfEntry(entry, existing, place);
  const plan = planService({ ...request, form, algorithms: profile.get(accessAlgorithms) });
  const issues = plan.issues.map((issue) => ({ ...issue, path: entryPathOf(issue.path) }));
  return {
    ...plan,
    issues: [...issues, ...checkPorts(entry, profile)],
    inputPathOf: (path) => entryPathOf(plan.inputPathOf(path)),
  };
}

function formOfEntry(entry: AccessEntryForm, existing: AnnotatedService | undefined, place: EntryPlace): ServiceForm {
  const { way, ports, loadBalancer } = entry;
  const { profile, accessOf, selector, podLabels, application } = place;
  const isBalanced = isBalancedWay(way);
  const before = existing && linkedBalancer(existing, profile);
  const begins = before || lbAnnotation(profile, 'ALGORITHM') === undefined ? {} : firstAlgorithm(profile);
  return {
    type: typeOfEntry(entry, existing, profile),
    ports: ports.map(({ hasHealthCheck: _checked, ...port }) => port),
    ...(selects(existing?.spec?.selector, podLabels) ? {} : { selector }),
    ...(isBalanced
      ? {
          loadBalancer: {
            ...begins,
            ...given(loadBalancer ?? {}),
            ...writeHealthChecks(ports, existing, profile),
            ...(before && wayOfService(existing, profile) === way ? {} : { addressType: way }),
          },
        }
      : { loadBalancer, ...(before ? { removeAnnotations: everyLbAnnotation(profile) } : {}) }),
    annotations: [
      { key: accessOfAnnotation, value: accessOf },
      { key: accessWayAnnotation, value: way },
    ],
    application,
  };
}

const firstAlgorithm = (profile: Profile) => ({ algorithm: profile.get(accessAlgorithms)[0] });
const given = (form: object) => Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));

/** A load balancer leads to ports of nodes, or to pods where it did so already or the platform has no other. */
function typeOfEntry({ way }: AccessEntryForm, existing: AnnotatedService | undefined, profile: Profile): string {
  if (way === 'IN_CLUSTER') return 'CLUSTER_IP';
  if (way === 'NODE_PORT') return 'NODE_PORT';
  const word = existing && wordOfService(existing);
  if (word === 'LOAD_BALANCER' || word === 'CONTAINER_NATIVE_LB') return word;
  const offered = profile.get(serviceTypes);
  return offered.includes('CONTAINER_NATIVE_LB') && !offered.includes('LOAD_BALANCER')
    ? 'CONTAINER_NATIVE_LB'
    : 'LOAD_BALANCER';
}

function checkPorts({ way, ports }: AccessEntryForm, profile: Profile): readonly ValidationIssue[] {
  return ports.flatMap((port, index) => {
    const issues = [
      ...checkSpoken(port, isBalancedWay(way), profile),
      ...checkHealthCheck(port, isBalancedWay(way), profile),
    ];
    return issues.map((issue) => ({ ...issue, path: ['ports', index, ...issue.path] }));
  });
}

/** NET-06: what is spoken over TCP is a matter of load balancers. */
function checkSpoken({ protocol }: AccessPortForm, isBalanced: boolean, profile: Profile): readonly ValidationIssue[] {
  if (isBalanced || (protocol !== 'HTTP' && protocol !== 'HTTPS')) return [];
  const offered = profile.get(serviceProtocols).join(', ');
  const message = `Without a load balancer ports have one of the protocols ${offered}, got ${protocol}`;
  return [{ path: ['protocol'], code: 'protocol_not_offered', message }];
}

/** Where an entry has what the form for Services has at a place. */
function entryPathOf(path: Path): Path {
  const [field, option] = path;
  if (field === 'type' || field === 'id' || (field === 'loadBalancer' && option === 'addressType')) return ['way'];
  if (field === 'loadBalancer' && (option === 'hasHealthCheck' || option === 'healthCheckPorts')) return ['ports'];
  return path;
}
