const longestName = 63;

/** Tenant name and environment name (CORE-08), cut to what a cluster takes as a name (RFC 1123). */
export function defaultNamespaceName(tenant: string, workspace: string): string {
  const plain = tenant
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  const kept = plain.slice(0, Math.max(0, longestName - workspace.length - 1)).replace(/-+$/, '');
  return kept === '' ? workspace : `${kept}-${workspace}`;
}
