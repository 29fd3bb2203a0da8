import type { MutationWorld } from './mutation-inputs.ts';

type Row = (world: MutationWorld) => Promise<object>;

let made = 0;
const wanted = () => {
  made += 1;
  return { cluster: 'main', namespaces: ['default'], validForSeconds: 600 + made };
};

/** Inputs for the mutations of kubeconfigs. */
export const kubeconfigMutationInputs: Readonly<Record<string, Row>> = {
  createClusterKubeconfig: async () => wanted(),
  revokeClusterKubeconfig: async (world) => {
    const { given } = await world.mutate<{ given: { madeById: string } }>(
      'createClusterKubeconfig',
      wanted(),
      'given { madeById }',
    );
    return { id: given.madeById };
  },
};
