import { parseDocument } from 'yaml';

/** `line 5: key "name" already set in map` for every key that a YAML text sets twice; the last one counts. */
export function duplicateYamlKeys(body: Buffer): string[] {
  const text = body.toString('utf8');
  const { errors } = parseDocument(text, { strict: true, uniqueKeys: true });
  return errors
    .filter((error) => error.code === 'DUPLICATE_KEY')
    .map(({ pos, linePos }) => {
      const key = /^[^\s:,}\]]+/.exec(text.slice(pos[0]))?.[0] ?? '';
      return `line ${linePos?.[0].line ?? 0}: key ${JSON.stringify(key.replace(/^["']|["']$/g, ''))} already set in map`;
    });
}
