import { createHash } from 'node:crypto';

/**
 * The name of the object behind what people call a VPC or a subnet: display names may be Chinese, and two workspaces may use the same one in a
 * cluster whose Vpcs share one set of names. The same owner and the same words give the same name, so that what was made before is found again.
 */
export function networkObjectName(prefix: string, ownerUuid: string | undefined, ...words: readonly string[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([prefix, ownerUuid ?? '', ...words]))
    .digest('hex')
    .slice(0, 10);
  const readable = (words.at(-1) ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 30)
    .replaceAll(/-+$/g, '');
  return [prefix, readable, digest].filter(Boolean).join('-');
}
