/** Phantom member that carries the service's type; never present at run time. */
declare const serviceType: unique symbol;

/**
 * A name for a service that one plugin provides and others use, instead of an import. References are compared by id,
 * so that two copies of a plugin's `api.ts` mean the same service.
 */
export interface ServiceRef<T> {
  /** `<plugin>.<service>`, e.g. `release.orders`. */
  readonly id: string;
  readonly [serviceType]?: T;
}

export function serviceRef<T>(id: string): ServiceRef<T> {
  return { id };
}

/** A service that a plugin can do without: it is undefined where no installed plugin provides it. */
export interface OptionalServiceRef<T> extends ServiceRef<T> {
  readonly isOptional: true;
}

export function optionalService<T>(ref: ServiceRef<T>): OptionalServiceRef<T> {
  return { ...ref, isOptional: true };
}

/** Whether a plugin listed this reference as one it can do without. */
export function isOptionalRef(ref: ServiceRef<unknown>): boolean {
  return (ref as Partial<OptionalServiceRef<unknown>>).isOptional === true;
}

/** What a plugin lists under `uses`: a name of its own choice for each reference. */
export type ServiceUses = Readonly<Record<string, ServiceRef<unknown>>>;

/** What `setup` receives for its `uses`. */
export type ResolvedServices<Uses extends ServiceUses> = {
  readonly [Name in keyof Uses]: Uses[Name] extends OptionalServiceRef<infer T>
    ? T | undefined
    : Uses[Name] extends ServiceRef<infer T>
      ? T
      : never;
};
