import type { Pod } from './kubernetes-shapes.ts';

/** The address of a pod that is to be started, or why it has none yet, in the words of the network plugin. */
export type PodAddressing = (pod: Pod) => { readonly address: string } | { readonly problem: string };

/** Who gives pods their addresses: their nodes' networks, unless an engine has taken that over. */
export interface PodNetwork {
  /** Throws when somebody else has taken it over. The returned function gives it back. */
  register(addressing: PodAddressing): () => void;
  /** Undefined while nodes do it themselves. */
  readonly addressing: PodAddressing | undefined;
}

export function createPodNetwork(): PodNetwork {
  let addressing: PodAddressing | undefined;
  return {
    register(added) {
      if (addressing !== undefined) throw new Error('pods get addresses from two engines; install one of them');
      addressing = added;
      return () => {
        addressing = undefined;
      };
    },
    get addressing() {
      return addressing;
    },
  };
}
