import { type LongshoreBuilder, typeRef } from 'longshore/sdk';
import { millicoresOf, unitsOf } from '../services/amounts.ts';

/** Amounts of resources by name, as Kubernetes has them in requests, limits, capacity and allocatable. */
export type Amounts = Readonly<Record<string, string>>;

export const resourceListRef = typeRef<Amounts>('ResourceList');
const resourceAmountRef = typeRef<readonly [name: string, quantity: string]>('ResourceAmount');

/** Resources with fields of their own; all others stand in `others`. */
const named = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods']);

export function registerResourceList(builder: LongshoreBuilder): void {
  builder.objectType(resourceAmountRef, {
    description: 'An amount of a resource that has no field of its own, e.g. `nvidia.com/gpu`.',
    fields: (t) => ({
      name: t.string({ description: "The resource's name.", resolve: ([name]) => name }),
      quantity: t.field({ type: 'Quantity', description: 'How much.', resolve: ([, quantity]) => quantity }),
    }),
  });
  builder.objectType(resourceListRef, {
    description: 'Amounts of resources. What is not set is null.',
    fields: (t) => ({
      cpu: t.field({
        type: 'Quantity',
        nullable: true,
        description: 'Cores, e.g. `500m` or `2`.',
        resolve: (amounts) => amounts.cpu ?? null,
      }),
      cpuMillicores: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'Thousandths of a core, rounded up.',
        resolve: (amounts) => millicoresOf(amounts.cpu) ?? null,
      }),
      memory: t.field({
        type: 'Quantity',
        nullable: true,
        description: 'Memory, e.g. `128Mi`.',
        resolve: (amounts) => amounts.memory ?? null,
      }),
      memoryBytes: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'Memory in bytes.',
        resolve: (amounts) => unitsOf(amounts.memory) ?? null,
      }),
      ephemeralStorage: t.field({
        type: 'Quantity',
        nullable: true,
        description: 'Local disk for writable layers, logs and emptyDir volumes, e.g. `1Gi`.',
        resolve: (amounts) => amounts['ephemeral-storage'] ?? null,
      }),
      ephemeralStorageBytes: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'Local disk in bytes.',
        resolve: (amounts) => unitsOf(amounts['ephemeral-storage']) ?? null,
      }),
      pods: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'Number of pods; only of nodes.',
        resolve: (amounts) => unitsOf(amounts.pods) ?? null,
      }),
      others: t.field({
        type: [resourceAmountRef],
        description: 'Everything else, e.g. `nvidia.com/gpu` or `hugepages-2Mi`.',
        resolve: (amounts) => Object.entries(amounts).filter(([name]) => !named.has(name)),
      }),
    }),
  });
}
