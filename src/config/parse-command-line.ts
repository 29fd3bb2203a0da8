import { ConfigError } from './config-error.ts';
import { listSettings } from './list-settings.ts';
import { didYouMean } from './nearest-word.ts';

/** What the command line asks for. `flags` goes to `loadSettings` as `argv`. */
export type CommandLine =
  | { readonly command: 'dev' | 'serve' | 'migrate' | 'doctor'; readonly flags: readonly string[] }
  | { readonly command: 'schema'; readonly isCheck: boolean; readonly flags: readonly string[] }
  | { readonly command: 'help'; readonly text: string }
  | { readonly command: 'version' };

const commands = {
  dev: 'Run everything on this machine: embedded database, and the embedded cluster unless told otherwise.',
  serve: 'Run as in production: secret key, allowed hosts and allowed origins are required.',
  migrate: 'Bring the database up to date and end. Running it twice does no harm.',
  doctor: 'Say what works with these settings, what does not and what cures it. Starts and changes nothing.',
  schema: 'Print the GraphQL schema (SDL) of the configured plugins.',
} as const;
type CommandName = keyof typeof commands;

/** Reads the arguments after the program's name. Throws `ConfigError` for a command that does not exist. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const [first, ...rest] = argv;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    return { command: 'help', text: first === 'help' && isCommand(rest[0]) ? commandHelp(rest[0]) : generalHelp() };
  }
  if (first === '--version' || first === 'version') return { command: 'version' };
  if (!isCommand(first)) {
    const name = first.slice(0, 60);
    throw new ConfigError([
      `Unknown command '${name}'${didYouMean(name, Object.keys(commands)) || '; see longshore --help'}`,
    ]);
  }
  if (rest.includes('--help') || rest.includes('-h')) return { command: 'help', text: commandHelp(first) };
  if (first !== 'schema') return { command: first, flags: rest };
  return {
    command: 'schema',
    isCheck: rest.includes('--check'),
    flags: rest.filter((argument) => argument !== '--check'),
  };
}

function isCommand(name: string | undefined): name is CommandName {
  return name !== undefined && Object.hasOwn(commands, name);
}

function generalHelp(): string {
  const lines = Object.entries(commands).map(([name, meaning]) => `  ${name.padEnd(9)}${meaning}`);
  return [
    'Usage: longshore <command> [flags]',
    '',
    'Commands:',
    ...lines,
    '',
    'longshore <command> --help lists its flags.',
    '',
  ].join('\n');
}

function commandHelp(name: CommandName): string {
  const own =
    name === 'schema' ? [['--check', 'Compare with schema/ and fail where it differs, instead of printing.', '']] : [];
  const shared = listSettings().flatMap(({ flag, note, description, environment }) =>
    flag === undefined
      ? []
      : [[`--${flag}${note.reads === 'switch' ? '' : ` <${note.reads}>`}`, description, environment ?? '']],
  );
  const rows = [...own, ...shared, ['--help', 'This text.', '']];
  const width = Math.max(...rows.map(([flag = '']) => flag.length)) + 2;
  const lines = rows.map(
    ([flag = '', meaning, variable]) => `  ${flag.padEnd(width)}${meaning}${variable ? ` [${variable}]` : ''}`,
  );
  return [
    `Usage: longshore ${name} [flags]`,
    '',
    commands[name],
    '',
    'Flags win over environment variables, and these over the file:',
    ...lines,
    '',
  ].join('\n');
}
