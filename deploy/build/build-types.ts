import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { listEntries } from './list-entries.ts';

/**
 * Writes the declarations behind the three doors to dist/types. Returns what is wrong; declarations of a project with type
 * errors are not kept.
 */
export async function buildTypes(root: string): Promise<string[]> {
  const doors = Object.values(listEntries(root)).filter((source) => /^src\/(sdk|testing)\.ts$|\/api\.ts$/.test(source));
  const slots = slotFiles(root);
  const outDir = join(root, 'dist/types');
  rmSync(outDir, { recursive: true, force: true });
  // Beside tsconfig.json, so that everything in it counts from the same folder.
  const project = join(root, `.tsconfig.types.${process.pid}.json`);
  const compilerOptions = { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir, rootDir: root };
  writeFileSync(
    project,
    JSON.stringify({ extends: './tsconfig.json', compilerOptions, files: [...doors, ...slots], include: [] }),
  );
  try {
    await promisify(execFile)(process.execPath, [compiler(root), '-p', project, '--pretty', 'false'], { cwd: root });
  } catch (error) {
    rmSync(outDir, { recursive: true, force: true });
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    const lines = `${stdout}${stderr}`.trim().split('\n');
    return [...lines.slice(0, 30), ...(lines.length > 30 ? [`… and ${lines.length - 30} lines more`] : [])];
  } finally {
    rmSync(project, { force: true });
  }
  openSlots(outDir, slots);
  pointAtJavaScript(outDir);
  return [];
}

/** Files in which a room adds its own slots to the manifest. Nothing need import them, so the compiler alone would lose some. */
function slotFiles(root: string): string[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `src/${name}`)
    .filter((path) => /^\s*declare module '\..*\/manifest\.ts'/m.test(readFileSync(join(root, path), 'utf8')));
}

/** Whoever imports the SDK sees the slots of every room. */
function openSlots(outDir: string, slots: readonly string[]): void {
  const door = join(outDir, 'src/sdk.d.ts');
  if (existsSync(door))
    appendFileSync(door, slots.map((path) => `import './${path.slice('src/'.length)}';\n`).join(''));
}

function compiler(root: string): string {
  return join(dirname(createRequire(join(root, 'package.json')).resolve('typescript/package.json')), 'bin/tsc');
}

/**
 * The compiler leaves `./x.ts` in declarations, where only `./x.d.ts` exists. `./x.js` is what every resolver maps to it, also in
 * `declare module './x.js'`, so that what rooms add to the manifest reaches plugin authors.
 */
function pointAtJavaScript(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue;
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    const changed = text.replaceAll(/((?:from|import|module)\s*\(?\s*["']\.{1,2}\/[^"'\n]*)\.ts(["'])/g, '$1.js$2');
    if (changed !== text) writeFileSync(file, changed);
  }
}
