import type { MutationWorld } from './mutation-inputs.ts';

type Row = (world: MutationWorld) => Promise<object>;

/** Inputs for the mutations of kubeconfigs. */
export const kubeconfigMutationInputs: Readonly<Record<string, Row>> = {
  createClusterKubeconfig: async () => ({ cluster: 'main', namespaces: ['default'] }),
  revokeClusterKubeconfig: async (world) => {
    const wanted = { cluster: 'main', namespaces: ['default'] };
    const made = await world.mutate<{ given: { madeById: string } }>(
      'createClusterKubeconfig',
      wanted,
      'given { madeById }',
    );
    return { id: made.given.madeById };
  },
};
