/** The plural that the path of a Kubernetes API names (`/apis/apps/v1/namespaces/shop/deployments/web` → `deployments`). */
export function resourceOfPath(path: string): string | undefined {
  const [, root, ...rest] = path.split('/');
  if (root !== 'api' && root !== 'apis') return undefined;
  const below = rest.slice(root === 'api' ? 1 : 2);
  return below[0] === 'namespaces' && below.length > 2 ? below[2] : below[0];
}
