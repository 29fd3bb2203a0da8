import type { ClusterObject, ClusterStore } from '../../store/types.ts';
import { canonicalJson } from '../canonical-json.ts';
import { createObjectIndex } from '../create-object-index.ts';
import { createKindClient } from '../kind-client.ts';
import { controllerReference } from '../owner-reference.ts';
import { randomSuffix } from '../random-suffix.ts';
import type { Endpoint, EndpointGroup, EndpointPort } from './decide-endpoints.ts';
import { decideSlices } from './decide-slices.ts';

export const serviceNameLabel = 'kubernetes.io/service-name';
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';

export interface EndpointSlice extends ClusterObject {
  readonly addressType: string;
  readonly endpoints?: readonly Endpoint[] | null;
  readonly ports?: readonly EndpointPort[] | null;
}

/** What all slices of one owner have in common. */
export interface SliceHead {
  readonly owner: ClusterObject;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly addressType: string;
}

export interface SliceWriter {
  /** Makes the slices of the owner hold these endpoints; unchanged slices are not written. */
  write(head: SliceHead, groups: readonly EndpointGroup[], limit: number): void;
  /** Deletes all slices that this writer has for the name. */
  clear(namespace: string, name: string): void;
}

export function createSliceWriter(store: ClusterStore, random: () => number, managedBy: string): SliceWriter {
  const slices = createKindClient<EndpointSlice>(
    store,
    'kube-controller-manager',
    'discovery.k8s.io',
    'endpointslices',
  );
  const index = createObjectIndex<EndpointSlice>(store, slices.resource, ({ metadata }) =>
    metadata.labels?.[managedByLabel] === managedBy
      ? [`${metadata.namespace ?? ''}/${metadata.labels[serviceNameLabel] ?? ''}`]
      : [],
  );

  function create({ owner, labels, annotations, addressType }: SliceHead, content: object): void {
    const generateName = `${owner.metadata.name}-`;
    slices.create({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${generateName.slice(0, 58)}${randomSuffix(random)}`,
        generateName,
        namespace: owner.metadata.namespace,
        labels,
        annotations,
        ownerReferences: [controllerReference(owner)],
      },
      addressType,
      ...content,
    });
  }

  return {
    write(head, groups, limit) {
      const { namespace, name } = head.owner.metadata;
      const present = index.get(`${namespace ?? ''}/${name}`).filter(({ addressType, metadata }) => {
        return addressType === head.addressType && metadata.deletionTimestamp === undefined;
      });
      const changes = decideSlices(
        groups,
        present.map((slice) => ({
          name: slice.metadata.name,
          ports: slice.ports ?? [],
          endpoints: slice.endpoints ?? [],
        })),
        limit,
      );
      for (const slice of present) {
        if (changes.remove.includes(slice.metadata.name)) {
          slices.delete(slice);
          continue;
        }
        const content = changes.update.get(slice.metadata.name);
        const hasOtherLabels = canonicalJson(slice.metadata.labels ?? {}) !== canonicalJson(head.labels);
        if (content === undefined && !hasOtherLabels) continue;
        const metadata = { ...slice.metadata, labels: head.labels, annotations: head.annotations };
        slices.update({
          ...slice,
          ...printed(content ?? { ports: slice.ports ?? [], endpoints: slice.endpoints ?? [] }),
          metadata,
        });
      }
      for (const content of changes.create) create(head, printed(content));
    },
    clear(namespace, name) {
      for (const slice of index.get(`${namespace}/${name}`)) slices.delete(slice);
    },
  };
}

/** A slice without ports says `null`: a list that is there but empty means all ports. */
function printed({ ports, endpoints }: { ports: readonly EndpointPort[]; endpoints: readonly Endpoint[] }): object {
  return { endpoints, ports: ports.length === 0 ? null : ports };
}
