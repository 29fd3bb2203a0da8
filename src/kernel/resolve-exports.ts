const conditions = new Set(['node', 'import', 'module-sync', 'default']);

/**
 * What a package's `exports` (or `main`) give for a subpath such as `.` or `./utilities` to an `import` in Node;
 * undefined where the package does not export it.
 */
export function resolveExports(manifest: Readonly<Record<string, unknown>>, subpath: string): string | undefined {
  const { exports: exported, main } = manifest;
  if (exported === undefined) return subpath === '.' && typeof main === 'string' ? main : undefined;
  if (!isMap(exported) || !Object.keys(exported).some((key) => key.startsWith('.'))) {
    return subpath === '.' ? targetOf(exported) : undefined;
  }
  if (Object.hasOwn(exported, subpath)) return targetOf(exported[subpath]);
  for (const [pattern, target] of Object.entries(exported)) {
    const [before, after, more] = pattern.split('*');
    if (before === undefined || after === undefined || more !== undefined) continue;
    if (!subpath.startsWith(before) || !subpath.endsWith(after) || subpath.length <= before.length + after.length)
      continue;
    const middle = subpath.slice(before.length, subpath.length - after.length);
    return targetOf(target)?.replaceAll('*', middle);
  }
  return undefined;
}

function targetOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return target.map(targetOf).find((each) => each !== undefined);
  if (!isMap(target)) return undefined;
  // Conditions count in the order of the package, not of ours.
  for (const [condition, inner] of Object.entries(target)) {
    const found = conditions.has(condition) ? targetOf(inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
