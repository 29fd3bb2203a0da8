/**
 * Builds Longshore into dist/. Node runs the bundle with a third of the memory and a fifth of the start-up time of the source tree.
 *
 *   node deploy/build.ts             bundle
 *   node deploy/build.ts --if-stale  only where a source is newer than the bundle
 *   node deploy/build.ts --types     declarations for plugin authors into dist/types as well
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { isFresh } from './build/is-fresh.ts';

export async function build(argv: readonly string[], root: string): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { 'if-stale': { type: 'boolean' }, types: { type: 'boolean' }, quiet: { type: 'boolean' } },
  });
  if (values['if-stale'] && isFresh(root)) return 0;
  // The compilers take longer to load than all of the above.
  const { buildBundle } = await import('./build/build-bundle.ts');
  const { buildTypes } = await import('./build/build-types.ts');
  const started = performance.now();
  const problems = [...(await buildBundle(root)), ...(values.types ? await buildTypes(root) : [])];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) {
    console.error(`The build failed: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}, see above.`);
    return 1;
  }
  if (!values.quiet) console.error(`Built dist/ in ${Math.round(performance.now() - started)} ms`);
  return 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await build(process.argv.slice(2), fileURLToPath(new URL('..', import.meta.url)));
}
