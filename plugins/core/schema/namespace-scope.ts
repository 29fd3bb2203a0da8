import { type NamespaceScope, typeRef } from 'longshore/sdk';

/** A namespace that somebody may work in; registered with the viewer. */
export const namespaceScopeRef = typeRef<NamespaceScope>('NamespaceScope');
