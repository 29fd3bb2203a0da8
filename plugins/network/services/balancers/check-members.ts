import type { ServiceObject } from 'longshore/plugins/compute';
import type { Profile, ValidationIssue } from 'longshore/sdk';
import { backendGroupMaxServices } from '../../profile-keys/balancers.ts';
import type { BackendRef, GroupProtocol } from './gateway-kinds.ts';

/** A Service of a group as forms say it. */
export interface MemberForm {
  readonly service: string;
  readonly port: number;
  readonly weight?: number | null | undefined;
}

export const heaviest = 1_000_000;

type Path = readonly (string | number)[];

/** What is wrong with members by themselves: weights, ports, one named twice. */
export function checkMembers(members: readonly MemberForm[], path: Path): readonly ValidationIssue[] {
  const seen = new Set<string>();
  return members.flatMap(({ service, port, weight }, index): ValidationIssue[] => {
    const key = `${service}:${port}`;
    const isTwice = seen.has(key);
    seen.add(key);
    const at = (field: string): Path => [...path, index, field];
    return [
      ...(port >= 1 && port <= 65_535
        ? []
        : [
            {
              path: at('port'),
              code: port < 1 ? 'too_small' : 'too_big',
              message: `port must be 1 to 65535, got ${port}`,
            },
          ]),
      ...(weight === null || weight === undefined || (weight >= 0 && weight <= heaviest)
        ? []
        : [
            {
              path: at('weight'),
              code: weight < 0 ? 'too_small' : 'too_big',
              message: `weight must be 0 to ${heaviest}, got ${weight}`,
            },
          ]),
      ...(isTwice
        ? [{ path: at('service'), code: 'duplicate', message: `Service '${service}' is named twice with port ${port}` }]
        : []),
    ];
  });
}

/** How many Services a group may stand for (CON-26), and at least one. */
export function checkMemberCount(
  refs: readonly BackendRef[],
  profile: Profile,
  path: Path,
): readonly ValidationIssue[] {
  const count = new Set(refs.map(({ name }) => name)).size;
  const most = profile.get(backendGroupMaxServices);
  if (count === 0) {
    return [
      { path, code: 'too_small', message: 'A backend group stands for at least one Service: delete the group instead' },
    ];
  }
  if (most === null || count <= most) return [];
  const message = `By the profile '${profile.name}' a backend group stands for at most ${most} Services, got ${count}`;
  return [{ path, code: 'too_big', message }];
}

/** What a Service has against being a member: it is not there, or has no such port for this protocol. */
export function checkMemberService(
  { service: name, port }: MemberForm,
  service: ServiceObject | null | undefined,
  protocol: GroupProtocol,
  path: Path,
): readonly ValidationIssue[] {
  if (!service) {
    const message = `There is no Service '${name}' in the namespace of the group`;
    return [{ path: [...path, 'service'], code: 'not_found', message }];
  }
  const transport = protocol === 'UDP' ? 'UDP' : 'TCP';
  const ports = (service.spec?.ports ?? []).filter((each) => each.port === port);
  if (ports.some((each) => (each.protocol ?? 'TCP') === transport)) return [];
  const message =
    ports.length === 0
      ? `Service '${name}' has no port ${port}`
      : `Port ${port} of Service '${name}' speaks ${ports.map((each) => each.protocol).join(', ')}, not ${transport}`;
  return [{ path: [...path, 'port'], code: ports.length === 0 ? 'not_found' : 'other_protocol', message }];
}

/** References with these members set, and those taken away; what a reference has beside its weight stays. */
export function changeMembers(
  refs: readonly BackendRef[],
  set: readonly MemberForm[],
  remove: readonly Pick<MemberForm, 'service' | 'port'>[],
): readonly BackendRef[] {
  const isOf = (ref: BackendRef, { service, port }: Pick<MemberForm, 'service' | 'port'>): boolean =>
    (ref.group ?? '') === '' && (ref.kind ?? 'Service') === 'Service' && ref.name === service && ref.port === port;
  const kept = refs
    .filter((ref) => !remove.some((member) => isOf(ref, member)))
    .map((ref) => {
      const wanted = set.find((member) => isOf(ref, member));
      return wanted?.weight === null || wanted?.weight === undefined ? ref : { ...ref, weight: wanted.weight };
    });
  const added = set.filter((member) => !refs.some((ref) => isOf(ref, member))).map(refOf);
  return [...kept, ...added];
}

export function refOf({ service, port, weight }: MemberForm): BackendRef {
  return { name: service, port, weight: weight ?? 1 };
}
