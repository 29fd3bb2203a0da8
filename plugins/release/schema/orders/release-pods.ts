import { type PodObject, podTypeRef } from 'longshore/plugins/compute';
import { type LongshoreBuilder, named, type RequestContext, type TypeRef, typeRef } from 'longshore/sdk';
import type { ReleasePodState } from '../../api.ts';
import { engineOf } from '../../engines/choose-engine.ts';
import { podReadySeconds } from '../../profile-keys/orders.ts';
import { goalOf } from '../../services/orders/decide-release.ts';
import type { ServiceRelease } from '../../services/orders/order-nodes.ts';
import { ordersStoreRef } from '../../services/orders/orders-store.ts';
import { podStateOf } from '../../services/orders/pod-states.ts';

/** A pod of an app service as a release sees it. */
export interface ReleasePod {
  readonly pod: PodObject;
  readonly unit: string;
  readonly state: ReleasePodState;
  readonly problem: string | undefined;
  readonly readySince: number | undefined;
}

export const releasePodRef: TypeRef<ReleasePod> = typeRef<ReleasePod>('ReleasePod');

export function registerReleasePod(builder: LongshoreBuilder): void {
  builder.objectType(releasePodRef, {
    description:
      'A pod of an app service as a release sees it (REL-27). Its events, and those of its node, are with them.',
    fields: (t) => ({
      pod: t.field({ type: podTypeRef, description: 'The pod.', resolve: ({ pod }) => pod }),
      unit: t.exposeString('unit', { description: 'Its deployment unit; empty where there are none.' }),
      state: t.field({
        type: named('ReleasePodState'),
        description: 'Where it is in the release.',
        resolve: ({ state }) => state as never,
      }),
      problem: t.string({
        nullable: true,
        description: 'Why it will not come up by itself, e.g. `ImagePullBackOff`; null where that is open.',
        resolve: ({ problem }) => problem ?? null,
      }),
      readySince: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when it has been ready; null while it is not.',
        resolve: ({ readySince }) => (readySince === undefined ? null : new Date(readySince)),
      }),
    }),
  });
}

const seenPods = {};

/** Pods of the service of a release as they are now, as far as this caller may see them; none before it is planned. Asked once per request. */
export function loadPods(release: ServiceRelease, context: RequestContext): Promise<readonly ReleasePod[]> {
  const seen = context.memo(seenPods, () => new Map<string, Promise<readonly ReleasePod[]>>());
  const known = seen.get(release.uuid) ?? readPods(release, context);
  seen.set(release.uuid, known);
  return known;
}

async function readPods({ uuid }: ServiceRelease, context: RequestContext): Promise<readonly ReleasePod[]> {
  const view = await context.service(ordersStoreRef).view(uuid);
  const goal = view && goalOf(view);
  if (!view?.release.engine || !goal) return [];
  const { cluster, namespace } = goal;
  const engine = engineOf(view.release.engine, context.cluster(cluster));
  const units = await engine.observe(goal, context.kube(cluster));
  const readySeconds = context.services.profiles.at({ cluster, namespace }).get(podReadySeconds);
  const now = context.clock.now();
  return units.flatMap(({ pods }) =>
    pods
      .filter(({ isLeaving }) => !isLeaving)
      .map((pod) => ({
        pod: pod.object as PodObject,
        unit: pod.unit,
        state: podStateOf(pod, goal.versionId, readySeconds, now),
        problem: pod.problem,
        readySince: pod.readySince,
      })),
  );
}
