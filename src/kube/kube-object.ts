import type { KindRef } from './kind-ref.ts';

/** Where an object came from; set once by intake, read by ids, `isTypeOf` and abilities. */
export const origin: unique symbol = Symbol.for('longshore.origin');

export interface Origin extends Pick<KindRef, 'group' | 'version' | 'kind' | 'plural' | 'isNamespaced'> {
  readonly cluster: string;
}

/**
 * A generated model as the JSON it stands for: dates are RFC 3339 strings, everything is readonly, and names the
 * generator escaped (`_from`, `_continue`) have their real form.
 */
export type Raw<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Raw<Item>[]
    : T extends object
      ? { readonly [Key in keyof T as Key extends `_${infer Name}` ? Name : Key]: Raw<T[Key]> }
      : T;

export interface KubeMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
    readonly controller?: boolean;
  }[];
}

/**
 * An object of a cluster: its raw JSON, frozen by convention (never edited, replaced on change). `managedFields` and
 * the last-applied annotation are gone; Secret values are sealed (`SealedSecretData`).
 */
export type KubeObject<T = unknown> = (unknown extends T
  ? Readonly<Record<string, unknown>>
  : Omit<Raw<T>, 'metadata'>) & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: KubeMetadata;
  readonly [origin]: Origin;
};
