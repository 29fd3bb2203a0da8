import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
let planted: string | undefined;

afterEach(() => {
  if (planted) rmSync(planted, { force: true });
  planted = undefined;
});

/** The rules that are broken, by name; empty where all arrows hold. */
function brokenRules(folders: readonly string[]): string[] {
  try {
    execFileSync(
      process.execPath,
      [
        'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
        '--config',
        'test/architecture.cjs',
        '--output-type',
        'err',
        ...folders,
      ],
      {
        cwd: root,
        maxBuffer: 256 * 1024 * 1024,
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: Buffer };
    return [...String(stdout).matchAll(/error ([a-z-]+):/g)].map((match) => match[1] ?? '');
  }
}

function plant(file: string, text: string): void {
  planted = `${root}${file}`;
  writeFileSync(planted, text);
}

describe('the arrows of the house', () => {
  it('are red for a room that imports from above (refused)', () => {
    plant(
      'src/kernel/planted-violation.ts',
      "import { idOfObject } from '../graph/global-id.ts';\nexport const planted = idOfObject;\n",
    );
    expect(brokenRules(['src/kernel'])).toContain('arrows-kernel');
  });

  it('are red for a plugin that reaches into the house (refused)', () => {
    plant(
      'plugins/compute/planted-violation.ts',
      "import { createClusters } from '../../src/kube/create-clusters.ts';\nexport const planted = createClusters;\n",
    );
    expect(brokenRules(['plugins/compute'])).toContain('plugins-use-the-doors');
  });

  it('are red for a database driver outside of data (refused)', () => {
    plant('src/live/planted-violation.ts', "import postgres from 'postgres';\nexport const planted = postgres;\n");
    expect(brokenRules(['src/live'])).toContain('database-drivers-in-data');
  });
});
