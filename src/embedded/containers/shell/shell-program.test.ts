import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestShell } from '../testing/run-in-shell.ts';
import { parseScript } from './parse-script.ts';
import { ShellSyntaxError } from './script.ts';

const longName = '0'.repeat(5_000);
/** Five times a thousand digits. */
const makeLongName = 'P=$(printf "%01000d" 0); P=$P$P$P$P$P';

describe('sh -c', () => {
  it.each([
    ['echo one two', 'one two\n', 0],
    ['echo \'a  b\' "c  d" e  f', 'a  b c  d e f\n', 0],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own expansions
    ['A=1; B="$A-$A"; echo $B ${B} ${C:-none} ${A:+set} ${#B}', '1-1 1-1 none set 3\n', 0],
    ['echo "$HOME" \'$HOME\' \\$HOME', '/root $HOME $HOME\n', 0],
    ['A="x  y"; echo $A "$A"', 'x y x  y\n', 0],
    ['true && echo yes || echo no', 'yes\n', 0],
    ['false && echo yes || echo no', 'no\n', 0],
    ['false; echo $?', '1\n', 0],
    ['! false; echo $?', '0\n', 0],
    ['exit 7; echo never', '', 7],
    ['exit 300', '', 44],
    ['(exit 3); echo $?', '3\n', 0],
    ['echo b a | tr " " "\\n" | sort | head -n 1', 'a\n', 0],
    ['printf "%s-%d\\n" a 1 b 2', 'a-1\nb-2\n', 0],
    ['for i in 1 2 3; do echo -n $i; done; echo', '123\n', 0],
    ['for i in 1 2 3; do if [ $i = 2 ]; then continue; fi; echo $i; done', '1\n3\n', 0],
    ['i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i', '3\n', 0],
    ['i=5; until [ $i -le 2 ]; do i=$((i-1)); done; echo $i', '2\n', 0],
    ['if false; then echo a; elif true; then echo b; else echo c; fi', 'b\n', 0],
    ['echo $(echo inner) `echo old`', 'inner old\n', 0],
    ['echo hi > /tmp/f; echo ho >> /tmp/f; cat /tmp/f; wc -l < /tmp/f', 'hi\nho\n2\n', 0],
    ['cd /tmp && pwd; cd ..; pwd', '/tmp\n/\n', 0],
    ['touch /tmp/b.txt /tmp/a.txt; cd /tmp; echo *.txt', 'a.txt b.txt\n', 0],
    ['echo *.none', '*.none\n', 0],
    ['cat <<END\nx=$HOME\nEND', 'x=/root\n', 0],
    ["cat <<'END'\nx=$HOME\nEND", 'x=$HOME\n', 0],
    ['echo out; echo err >&2', 'out\n', 0],
    ['nothing 2>/dev/null; echo $?', '127\n', 0],
    ['set -e; false; echo never', '', 1],
    ['set -e; if false; then :; fi; false || true; echo on', 'on\n', 0],
    ["export A=1; sh -c 'echo $A'", '1\n', 0],
    ["A=1 sh -c 'echo $A'; echo [$A]", '1\n[]\n', 0],
    ["sh -c 'echo $0 $1 $#' name first second", 'sh first 2\n', 0],
    ['{ echo a; echo b; } | wc -l', '2\n', 0],
    ['seq 100000 | head -n 2', '1\n2\n', 0],
    ['echo "a b c" | cut -d " " -f 2', 'b\n', 0],
    ['printf "b\\na\\nb\\n" | sort | uniq -c', '      1 a\n      2 b\n', 0],
    ['mkdir -p /tmp/x/y && ls /tmp/x && rm -r /tmp/x && ls /tmp/x', 'y\n', 1],
    ['echo one#two # three', 'one#two\n', 0],
    ['[ -d /tmp ] && [ ! -e /none ] && echo ok', 'ok\n', 0],
    ['printf "1\n2\n3\n" | tail -n 2; printf "1\n2\n3\n" | tail -n +3', '2\n3\n3\n', 0],
    ['printf "a\na\nb\na\n" | uniq', 'a\nb\na\n', 0],
    [`${makeLongName}; [ -e /$P ] || echo none`, 'none\n', 0],
    [`${makeLongName}; echo x > /$P & wait; echo on`, 'on\n', 0],
    ['none_such & echo on', 'on\n', 0],
    [
      'cd /tmp; mkdir d; echo a > d/f; ln -s d/f l; cat l; readlink l; readlink -f l; [ -L l ] && echo link',
      'a\nd/f\n/tmp/d/f\nlink\n',
      0,
    ],
    ['cd /tmp; mkdir d; ln -s /tmp/d l; cd -P -- l; pwd; cd ..; pwd', '/tmp/d\n/tmp\n', 0],
    ['cd /tmp; ln -s l l; cat l; ln -s none m; cat m', '', 1],
    ['cd /tmp; mkdir d; touch d/f; ln -s d l; rm -r l; ls', 'd\n', 0],
    [
      'cd /tmp; printf 12345678 > f; stat -c "%s %F %n" f; dd if=f bs=2 skip=1 count=2; head -c 3 f',
      '8 regular file f\n3456123',
      0,
    ],
    ['cd /tmp; mkdir d; touch a d/b; find . -mindepth 1 -maxdepth 1 -exec echo got {} +', 'got ./a ./d\n', 0],
    ['cd /tmp; touch a; find . -name a -exec none {} +; find . -exec echo', '', 1],
  ])('runs %s', async (script, stdout, status) => {
    expect(await createTestShell().run(script)).toMatchObject({ stdout, status });
  });

  it.each([
    ['nope', 'sh: nope: not found\n', 127, 'sh'],
    ['nope', 'bash: nope: command not found\n', 127, 'bash'],
    ['./nope', 'sh: ./nope: not found\n', 127, 'sh'],
    ['/tmp', 'sh: /tmp: Permission denied\n', 126, 'sh'],
    ['cat /none', "cat: can't open '/none': No such file or directory\n", 1, 'sh'],
    ['ls /none', 'ls: /none: No such file or directory\n', 1, 'sh'],
    ['cd /none', "sh: cd: can't cd to /none: No such file or directory\n", 2, 'sh'],
    ['echo x > /none/f', "sh: can't create /none/f: no such file\n", 1, 'sh'],
    ['echo "open', 'sh: syntax error: unterminated quoted string\n', 2, 'sh'],
    ['echo a; )', 'sh: syntax error: unexpected ")"\n', 2, 'sh'],
    ['if true; then echo', 'sh: syntax error: unexpected end of file\n', 2, 'sh'],
    ['echo $((1/0))', 'sh: divide by zero\n', 2, 'sh'],
    ['ls --', '', 0, 'sh'],
    [`${makeLongName}; echo x > /$P`, `sh: can't create /${longName}: File name too long\n`, 1, 'sh'],
    [`${makeLongName}; ls /$P`, `ls: /${longName}: No such file or directory\n`, 1, 'sh'],
    ['A=$(seq 30000); echo $A $A $A $A $A $A $A $A $A $A > /tmp/f', 'sh: argument list too long\n', 126, 'sh'],
    ['A=$(seq 30000); A="$A$A$A$A$A$A$A$A$A$A"', 'sh: argument list too long\n', 126, 'sh'],
    ['sleep abc', "sleep: invalid number 'abc'\n", 1, 'sh'],
    ['head -c 100000 /none', "head: can't open '/none': No such file or directory\n", 1, 'sh'],
  ])('says what is wrong with %s (refused)', async (script, stderr, status, shell) => {
    expect(await createTestShell().run(script, { shell })).toMatchObject({ stderr, status });
  });

  it('holds a bounded part of what it is to sort or to show the end of', async () => {
    const input = `${'x'.repeat(1_000)}\n`.repeat(20_000);
    const shell = createTestShell();
    expect((await shell.run('sort | wc -l', { input })).stdout).toBe('8380\n');
    expect((await shell.run('tail -n 15000 | wc -l', { input })).stdout).toBe('8380\n');
  });

  it('sleeps on the clock of the cluster', async () => {
    const shell = createTestShell();
    let result: unknown;
    const running = shell.run('sleep 1h; echo awake').then((done) => {
      result = done;
    });
    await new Promise((resolve) => setImmediate(resolve));
    shell.clock.advance(3_599_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(result).toBeUndefined();
    shell.clock.advance(1_000);
    await running;
    expect(result).toMatchObject({ stdout: 'awake\n', status: 0 });
  });

  it('writes no more than the container may hold (refused)', async () => {
    const result = await createTestShell(4096).run('seq 10000 > /tmp/big; echo $?; wc -c < /tmp/big');
    expect(result.stderr).toContain('No space left on device');
    const [status, size] = result.stdout.trim().split('\n').map(Number);
    expect(status).toBe(1);
    expect(size).toBeLessThanOrEqual(4096);
  });

  it.each([
    ['b*', 'bb\nab\nccc', 'bb\nab\nccc\n'],
    ['^a.c$', 'abc\nabcd\nxabc', 'abc\n'],
    ['a+b', 'a+b\naab', 'a+b\n'],
    ['[0-9]', 'x1\nyy', 'x1\n'],
  ])('greps %s', async (pattern, input, stdout) => {
    expect(await createTestShell().run(`grep '${pattern}'`, { input })).toMatchObject({ stdout });
  });

  it('greps hostile patterns in no time', async () => {
    const shell = createTestShell();
    const result = await shell.run(`grep -E '${'a*'.repeat(200)}b'`, { input: 'a'.repeat(5_000) });
    expect(result.status).toBe(1);
  });
});

describe('parseScript', () => {
  it('answers with a script or a syntax error, whatever it is given', () => {
    const words = fc.constantFrom(
      'echo',
      ';',
      '&&',
      '|',
      '(',
      ')',
      '{',
      '}',
      'if',
      'then',
      'fi',
      'do',
      'done',
      'while',
      '"',
      "'",
      '$(',
      '`',
      '\n',
      '>',
      '<<',
      'a=b',
      '$x',
      '${',
      '#',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 4 })), { maxLength: 30 }), (parts) => {
        try {
          parseScript(parts.join(' '));
        } catch (error) {
          expect(error).toBeInstanceOf(ShellSyntaxError);
        }
      }),
    );
  });
});
