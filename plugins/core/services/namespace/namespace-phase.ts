export type NamespacePhase = 'ACTIVE' | 'TERMINATING' | 'UNKNOWN';

/** A namespace that does not say is active: the cluster fills the phase in a moment after it was made. */
export function phaseOfNamespace(namespace: {
  readonly status?: { readonly phase?: string } | undefined;
}): NamespacePhase {
  const phase = namespace.status?.phase;
  if (phase === undefined || phase === 'Active') return 'ACTIVE';
  return phase === 'Terminating' ? 'TERMINATING' : 'UNKNOWN';
}
