import { createHash } from 'node:crypto';
import { type KindRef, kindRef, z } from 'longshore/sdk';

/** `ReleaseOrder` of release.longshore.dev: an order that is driven by `kubectl apply` (REL-39). */
export const orderObjectKind: KindRef<OrderObject> = kindRef<OrderObject>({
  ...{ group: 'release.longshore.dev', version: 'v1alpha1', kind: 'ReleaseOrder', plural: 'releaseorders' },
  ...{ isNamespaced: true, isOptional: true },
});

export interface OrderObject {
  readonly spec?: unknown;
  readonly status?: ObjectStatus;
}

export interface ObjectCondition {
  readonly type: 'Accepted' | 'InSync' | 'Progressing' | 'Ready' | 'Stalled';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

export interface ObjectServiceStatus {
  readonly appService: string;
  readonly version: number;
  readonly state: string;
  readonly group?: number;
  readonly groups?: number;
  readonly percent?: number;
  readonly reason?: string;
}

export interface ObjectStatus {
  readonly observedGeneration: number;
  readonly orderId?: string;
  readonly phase: string;
  readonly reason?: string;
  readonly updatedPods?: number;
  readonly totalPods?: number;
  readonly percent?: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly updatedAt?: string;
  readonly services?: readonly ObjectServiceStatus[];
  readonly conditions: readonly ObjectCondition[];
}

const name = z.string().min(1).max(63);
const groupCount = z.int().min(0).max(1_000);
const change = z.strictObject({
  images: z
    .array(z.strictObject({ container: name, image: z.string().min(1).max(500) }))
    .max(50)
    .optional(),
  replicas: z.int().min(0).max(100_000).optional(),
});
const service = z.strictObject({
  appService: name,
  version: z.union([z.int().min(1), z.string().min(1).max(300)]).optional(),
  change: change.optional(),
  dependsOn: z.array(name).max(200).default([]),
});

/** The schema of the definition again: a cluster may have another one installed, and what is not known here is not passed over. */
const specSchema = z.strictObject({
  title: z.string().min(1).max(128).optional(),
  services: z.array(service).min(1).max(200),
  units: z.array(z.string().min(1).max(253)).max(100).default([]),
  betaGroup: z.boolean().default(true),
  acknowledge: z.array(z.string().min(1).max(100)).max(100).default([]),
  start: z.boolean().default(false),
  confirmedGroups: groupCount.default(0),
  confirmedGroupsOf: z.record(name, groupCount).default({}),
  cancelled: z.boolean().default(false),
  rollback: z.strictObject({ confirm: z.string().min(1).max(500), confirmed: z.boolean().default(false) }).optional(),
});

export type OrderSpec = z.infer<typeof specSchema>;

/** What an object wants, or what is wrong with it. */
export function readSpec(spec: unknown): { readonly spec: OrderSpec } | { readonly problem: string } {
  const read = specSchema.safeParse(spec);
  if (!read.success) {
    const [first] = read.error.issues;
    return { problem: `${['spec', ...(first?.path ?? [])].map(String).join('.')}: ${first?.message}` };
  }
  if (read.data.cancelled && read.data.rollback)
    return { problem: 'spec: an order is cancelled or rolled back, not both' };
  return { spec: read.data };
}

/** What an order is called. */
export const titleOf = (spec: OrderSpec, objectName: string): string => spec.title ?? objectName.slice(0, 128);

/** What of it the order is made of: the same digest means the same order. */
export function digestOf({ title, services, units, betaGroup }: OrderSpec): string {
  const made = services.map(({ appService, version, change: changed, dependsOn }) => [
    ...[appService, String(version ?? ''), dependsOn],
    changed ? [changed.images?.map(({ container, image }) => [container, image]), changed.replicas] : null,
  ]);
  return createHash('sha256')
    .update(JSON.stringify([title ?? null, made, units, betaGroup]))
    .digest('hex');
}

/** How many groups of a service are confirmed. */
export const confirmedGroupsOf = (spec: OrderSpec, appService: string): number =>
  (Object.hasOwn(spec.confirmedGroupsOf, appService) ? spec.confirmedGroupsOf[appService] : undefined) ??
  spec.confirmedGroups;
