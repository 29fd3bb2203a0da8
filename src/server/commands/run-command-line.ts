import { ConfigError } from '../../config/config-error.ts';
import { parseCommandLine } from '../../config/parse-command-line.ts';
import { DataFolderInUseError } from '../../data/lock-data-folder.ts';
import { PluginError } from '../../kernel/plugin-error.ts';
import { StartError } from '../start-error.ts';
import { version } from '../version.ts';
import type { Environment } from './environment.ts';
import { runDev } from './run-dev.ts';
import { runDoctor } from './run-doctor.ts';
import { runMigrate } from './run-migrate.ts';
import { runSchema } from './run-schema.ts';
import { runServe } from './run-serve.ts';

/** The command line: `longshore dev | serve | migrate | doctor | schema`. */
async function main(argv: readonly string[], env: Environment): Promise<number> {
  const line = parseCommandLine(argv);
  switch (line.command) {
    case 'help':
      process.stdout.write(line.text);
      return 0;
    case 'version':
      process.stdout.write(`${version()}\n`);
      return 0;
    case 'dev':
      return runDev(line.flags, env);
    case 'serve':
      return runServe(line.flags, env);
    case 'migrate':
      return runMigrate(line.flags, env);
    case 'doctor':
      return runDoctor(line.flags, env);
    case 'schema':
      return runSchema(line.flags, env, line.isCheck);
  }
}

/** What the person at the command line can cure is told in one line each; anything else is ours and keeps its stack. */
function explain(error: unknown): string {
  const isTheirs =
    error instanceof ConfigError ||
    error instanceof PluginError ||
    error instanceof DataFolderInUseError ||
    error instanceof StartError;
  if (isTheirs) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What was printed into a pipe may still be on its way when everything else is done; where nobody reads, it is over. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('error', () => resolve());
    if (stream.writable) stream.write('', () => resolve());
    else resolve();
  });
}

/** Runs a command to its end and leaves the process with its exit code. */
export async function runCommandLine(argv: readonly string[], env: Environment): Promise<never> {
  try {
    process.exitCode = await main(argv, env);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // Nothing that a plugin left behind may keep a finished process alive.
  process.exit();
}
