/** An image with its name and version apart (REL-41). */
export interface ImageParts {
  /** As it is written. */
  readonly reference: string;
  /** With the registry, where it names one. */
  readonly name: string;
  /** Tag or digest; `latest` where it says none, as container runtimes take it. */
  readonly version: string;
}

export function splitImage(reference: string): ImageParts {
  const [tagged = '', digest] = reference.split('@', 2);
  const colon = tagged.lastIndexOf(':');
  // A colon before a slash is that of a registry's port.
  const hasTag = colon > tagged.lastIndexOf('/');
  const name = hasTag ? tagged.slice(0, colon) : tagged;
  return { reference, name, version: digest ?? (hasTag ? tagged.slice(colon + 1) : 'latest') };
}
