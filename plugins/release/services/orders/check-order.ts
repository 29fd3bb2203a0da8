import type { Profile, ValidationIssue } from 'longshore/sdk';
import { orderServices } from '../../profile-keys/orders.ts';
import type { QuickChange } from '../app-services/quick-version.ts';

/** One service of an order as its author gives it: global ids. */
export interface OrderServiceInput {
  readonly serviceId: string | number;
  readonly versionId?: string | number | null | undefined;
  /** In place of a version: a new one that differs in this alone (REL-13). */
  readonly change?: QuickChange | null | undefined;
  readonly dependsOn?: readonly (string | number)[] | null | undefined;
}

export interface OrderInput {
  readonly title?: string | null | undefined;
  readonly workspaceId?: string | number | null | undefined;
  readonly units?: readonly string[] | null | undefined;
  readonly betaGroup?: boolean | null | undefined;
  readonly services: readonly OrderServiceInput[];
}

const longestTitle = 128;
const mostUnits = 100;
/** More than any profile can allow (`release.orderServices`). */
const mostServices = 500;

/** What is wrong with an order by itself. */
export function checkOrder({ title, units, services }: OrderInput): readonly ValidationIssue[] {
  const many = (name: 'units' | 'services', length: number, most: number): readonly ValidationIssue[] =>
    length > most
      ? [{ path: [name], code: 'too_many', message: `${name} has ${most} entries at the most, not ${length}` }]
      : [];
  return [
    ...checkTitle(title, services.length),
    ...many('units', units?.length ?? 0, mostUnits),
    ...many('services', services.length, mostServices),
    ...(services.length === 0
      ? [{ path: ['services'], code: 'too_few', message: 'An order has at least one app service' }]
      : []),
    ...services.slice(0, mostServices).flatMap(({ versionId, change }, index) =>
      versionId && change
        ? [
            {
              path: ['services', index, 'change'],
              code: 'not_with_version',
              message: 'Say a version, or what a new one changes',
            },
          ]
        : [],
    ),
    ...services.slice(0, mostServices).flatMap(({ dependsOn }, index) =>
      (dependsOn?.length ?? 0) > mostServices
        ? [
            {
              path: ['services', index, 'dependsOn'],
              code: 'too_many',
              message: 'dependsOn has more services than there are',
            },
          ]
        : [],
    ),
  ];
}

function checkTitle(title: string | null | undefined, services: number): readonly ValidationIssue[] {
  const path = ['title'];
  const said = title?.trim() ?? '';
  if (said === '') {
    // One service speaks for itself (REL-21).
    const isNeeded = services !== 1 || (title !== undefined && title !== null);
    return isNeeded ? [{ path, code: 'required', message: 'title must be given for more than one app service' }] : [];
  }
  if ([...said].length > longestTitle) {
    return [{ path, code: 'too_long', message: `title has ${longestTitle} characters at the most` }];
  }
  return /\p{Cc}/u.test(said)
    ? [{ path, code: 'bad_characters', message: 'title has no line breaks or other control characters' }]
    : [];
}

/** What the place of an order forbids: too many services, and units that are not there (REL-19). */
export function checkOrderAtPlace(
  { units, services }: OrderInput,
  known: readonly string[],
  profile: Pick<Profile, 'get'>,
): readonly ValidationIssue[] {
  const most = profile.get(orderServices);
  return [
    ...(services.length > most
      ? [
          {
            path: ['services'],
            code: 'too_many',
            message: `An order has ${most} app services at the most (\`release.orderServices\`), not ${services.length}`,
          },
        ]
      : []),
    ...(units ?? []).flatMap((unit, index) =>
      known.includes(unit)
        ? []
        : [{ path: ['units', index], code: 'unknown', message: `There is no deployment unit '${unit}' here` }],
    ),
  ];
}
