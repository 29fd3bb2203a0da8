import type { ProfileKey } from './profile-key.ts';

/** One value of a profile, with what is known about it. */
export interface ProfileLimit<T = unknown> {
  readonly key: ProfileKey<T>;
  /** The plugin that declares the key. */
  readonly plugin: string;
  readonly value: T;
  /** The profile whose file sets it, this one or one that it extends; undefined where the key's default holds. */
  readonly setBy: string | undefined;
}

/** A named set of limits, name rules, choices and switches that a cluster or a workspace carries. */
export interface Profile {
  readonly name: string;
  /** For people: `Kubernetes container service`. */
  readonly title: string;
  readonly description: string | undefined;
  /** The profile whose values hold where this one sets none; undefined for `default` alone. */
  readonly extends: string | undefined;
  /** Every value in force, in the order of their names. */
  readonly limits: readonly ProfileLimit[];
  /** The value in force. Throws for a key that no loaded plugin lists under `profileKeys`: that is a fault of the code. */
  get<T>(key: ProfileKey<T>): T;
}

/** Where a profile is asked for. */
export interface ProfilePlace {
  readonly cluster?: string | undefined;
  /** Its workspace's own profile wins over its cluster's. */
  readonly namespace?: string | undefined;
  /** UUID of the workspace that something in no namespace is of. */
  readonly workspace?: string | undefined;
}

/** All profiles of this gateway; they do not change while it runs, only where each is in force. */
export interface Profiles {
  /** In the order of their names. */
  readonly all: readonly Profile[];
  get(name: string): Profile | undefined;
  /**
   * The profile in force at a place: that of the namespace's workspace or of the one that is named, else the cluster's own, else the platform's. Where neither
   * a cluster nor a workspace is named, the platform's. Asked for each time anew: a workspace's profile changes while the gateway runs.
   */
  at(place: ProfilePlace): Profile;
  /**
   * The profile that the namespace's workspace carries and that is none of `all` (any more); undefined where all is well. Where there is
   * one, `at` answers as if the workspace carried none, which is right for reading alone: nobody may change anything there.
   */
  unknownAt(place: ProfilePlace): string | undefined;
  /** Another number whenever `at` may answer otherwise for some namespace. */
  readonly revision: number;
}
