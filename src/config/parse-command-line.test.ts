import { describe, expect, it } from 'vitest';
import { settingFlags } from './load-settings.ts';
import { parseCommandLine } from './parse-command-line.ts';

describe('parseCommandLine', () => {
  it.each([
    { argv: ['dev'], line: { command: 'dev', flags: [] } },
    { argv: ['serve', '--port', '1'], line: { command: 'serve', flags: ['--port', '1'] } },
    { argv: ['migrate'], line: { command: 'migrate', flags: [] } },
    { argv: ['schema'], line: { command: 'schema', isCheck: false, flags: [] } },
    {
      argv: ['schema', '--check', '--plugins', 'core'],
      line: { command: 'schema', isCheck: true, flags: ['--plugins', 'core'] },
    },
    { argv: ['--version'], line: { command: 'version' } },
  ])('reads $argv', ({ argv, line }) => {
    expect(parseCommandLine(argv)).toEqual(line);
  });

  it('refuses a command that does not exist', () => {
    expect(() => parseCommandLine(['sevre'])).toThrow("Unknown command 'sevre'; did you mean 'serve'?");
    expect(() => parseCommandLine(['launch'])).toThrow("Unknown command 'launch'; see longshore --help");
    expect(() => parseCommandLine(['constructor'])).toThrow("Unknown command 'constructor'; see longshore --help");
  });

  it.each(['dev', 'serve', 'migrate', 'schema'])('lists every flag of %s', (command) => {
    const line = parseCommandLine([command, '--help']);
    const text = line.command === 'help' ? line.text : '';
    for (const { name } of settingFlags()) expect(text).toContain(`  --${name} `);
    expect(text.includes('--check')).toBe(command === 'schema');
  });

  it('names every command in its help', () => {
    expect(parseCommandLine([])).toMatchInlineSnapshot(`
      {
        "command": "help",
        "text": "Usage: longshore <command> [flags]

      Commands:
        dev      Run everything on this machine: embedded database, and the embedded cluster unless told otherwise.
        serve    Run as in production: secret key, allowed hosts and allowed origins are required.
        migrate  Bring the database up to date and end. Running it twice does no harm.
        doctor   Say what works with these settings, what does not and what cures it. Starts and changes nothing.
        schema   Print the GraphQL schema (SDL) of the configured plugins.

      longshore <command> --help lists its flags.
      ",
      }
    `);
  });
});
