/** Knows which namespaces belong to a workspace that carries a profile of its own. Answers from memory. */
export interface ProfileSource {
  /** Name of the profile; undefined where the namespace is of no workspace, or its workspace carries none. */
  profileOf(cluster: string, namespace: string): string | undefined;
  /** Name of the profile that the workspace with this UUID carries; undefined where there is none. */
  profileOfWorkspace(uuid: string): string | undefined;
  /** Another number whenever some answer may be another. */
  readonly revision: number;
}

/** Where the one plugin that knows workspaces says which profile each namespace has by its own. */
export interface ProfileSeat {
  /** Throws the second time: two sources would each think that they know every workspace. */
  provide(source: ProfileSource): void;
}

/** A seat that answers like the source in it; nothing while it is empty. */
export function createProfileSeat(): ProfileSeat & ProfileSource {
  let source: ProfileSource | undefined;
  return {
    provide(given) {
      if (source) throw new Error('Profiles of workspaces have a source already.');
      source = given;
    },
    profileOf: (cluster, namespace) => source?.profileOf(cluster, namespace),
    profileOfWorkspace: (uuid) => source?.profileOfWorkspace(uuid),
    get revision() {
      return source?.revision ?? 0;
    },
  };
}
