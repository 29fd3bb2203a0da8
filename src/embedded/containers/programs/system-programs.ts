import type { Invocation, Program } from '../process.ts';
import { parseOptions } from './options.ts';
import { complain } from './program-inputs.ts';

/** Programs that tell of the machine, the process and the time. */
export const systemPrograms: Readonly<Record<string, Program>> = {
  echo,
  printf,
  env,
  printenv,
  pwd: (call) => say(call, call.cwd),
  hostname: (call) => say(call, call.machine.hostname),
  whoami: (call) => say(call, call.machine.user),
  id,
  uname,
  date,
  sleep,
  ps,
  kill,
  stty,
  tty,
  true: () => Promise.resolve(0),
  false: () => Promise.resolve(1),
  which,
  clear: (call) => call.stdout.write('\u001b[H\u001b[J').then(() => 0),
  yes,
  nproc: (call) => say(call, '1'),
};

async function say(call: Invocation, text: string): Promise<number> {
  await call.stdout.write(`${text}\n`);
  return 0;
}

async function echo(call: Invocation): Promise<number> {
  const words = call.args.slice(1);
  let hasNewline = true;
  let isEscaped = false;
  while (/^-[neE]+$/.test(words[0] ?? '')) {
    const option = words.shift() ?? '';
    if (option.includes('n')) hasNewline = false;
    if (option.includes('e')) isEscaped = true;
  }
  const text = words.join(' ');
  await call.stdout.write(`${isEscaped ? replaceEscapes(text) : text}${hasNewline ? '\n' : ''}`);
  return 0;
}

function replaceEscapes(text: string): string {
  const named: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    '\\': '\\',
    e: '\u001b',
    a: '\u0007',
    b: '\b',
  };
  return text.replace(/\\(0[0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)/g, (whole, code: string) => {
    if (/^0[0-7]+$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    if (/^x[0-9a-fA-F]+$/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return named[code] ?? whole;
  });
}

async function printf(call: Invocation): Promise<number> {
  const [, format = '', ...args] = call.args;
  const text = replaceEscapes(format);
  const left = [...args];
  let output = '';
  do {
    const before = left.length;
    output += text.replace(/%(-?)(0?)(\d*)([sdc%])/g, (_, minus: string, zero: string, width: string, kind: string) => {
      if (kind === '%') return '%';
      const value = left.shift() ?? (kind === 'd' ? '0' : '');
      const shown = kind === 'd' ? String(Math.trunc(Number(value)) || 0) : value;
      const size = Math.min(Number(width), 1000);
      return minus === '' ? shown.padStart(size, zero === '' ? ' ' : '0') : shown.padEnd(size);
    });
    if (left.length === before) break;
  } while (left.length > 0);
  await call.stdout.write(output);
  return 0;
}

async function env(call: Invocation): Promise<number> {
  for (const [name, value] of call.environment) await call.stdout.write(`${name}=${value}\n`);
  return 0;
}

async function printenv(call: Invocation): Promise<number> {
  const names = call.args.slice(1);
  if (names.length === 0) return env(call);
  let status = 0;
  for (const name of names) {
    const value = call.environment.get(name);
    if (value === undefined) status = 1;
    else await call.stdout.write(`${value}\n`);
  }
  return status;
}

function id(call: Invocation): Promise<number> {
  const { user, userId } = call.machine;
  const option = call.args[1];
  if (option === '-u' || option === '-g') return say(call, String(userId));
  if (option === '-un') return say(call, user);
  return say(call, `uid=${userId}(${user}) gid=${userId}(${user}) groups=${userId}(${user})`);
}

function uname(call: Invocation): Promise<number> {
  const { flags } = parseOptions(call.args.slice(1), 'asnrmvo');
  const { hostname } = call.machine;
  const parts: readonly (readonly [string, string])[] = [
    ['s', 'Linux'],
    ['n', hostname],
    ['r', '6.12.0-longshore'],
    ['v', '#1 SMP'],
    ['m', 'x86_64'],
    ['o', 'GNU/Linux'],
  ];
  const shown = parts.filter(([letter]) => flags.has('a') || flags.has(letter)).map(([, text]) => text);
  return say(call, shown.length === 0 ? 'Linux' : shown.join(' '));
}

function date(call: Invocation): Promise<number> {
  const now = new Date(call.machine.clock.now());
  const format = call.args.find((arg) => arg.startsWith('+'));
  const iso = now.toISOString();
  const [weekday = '', day = '', month = '', year = '', time = ''] = now.toUTCString().split(/[ ,]+/);
  if (call.args.some((arg) => arg.startsWith('-I') || arg === '-Iseconds'))
    return say(call, `${iso.slice(0, 19)}+00:00`);
  if (format === undefined) {
    return say(call, `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} UTC ${year}`);
  }
  const fields: Readonly<Record<string, string>> = {
    Y: year,
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    N: `${iso.slice(20, 23)}000000`,
    s: String(Math.floor(now.getTime() / 1000)),
    F: iso.slice(0, 10),
    T: iso.slice(11, 19),
    Z: 'UTC',
    z: '+0000',
    a: weekday,
    b: month,
    '%': '%',
  };
  return say(
    call,
    format.slice(1).replace(/%(.)/g, (whole, letter: string) => fields[letter] ?? whole),
  );
}

const secondsPerUnit: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Sleeps on the cluster's clock. */
async function sleep(call: Invocation): Promise<number> {
  let totalMs = 0;
  const args = call.args.slice(1);
  for (const arg of args) {
    const match = /^(\d+(?:\.\d+)?|infinity)([smhd]?)$/.exec(arg);
    if (match === null) {
      await complain(call, `invalid number '${arg}'`);
      return 1;
    }
    const count = match[1] === 'infinity' ? 1e12 : Number(match[1]);
    totalMs += count * (secondsPerUnit[match[2] ?? ''] ?? 1) * 1000;
  }
  if (args.length === 0) {
    await complain(call, 'missing operand');
    return 1;
  }
  const { clock } = call.machine;
  const endMs = clock.now() + totalMs;
  // A timer cannot wait longer than some weeks at once.
  const longestMs = 86_400_000;
  while (!call.signal.aborted && clock.now() < endMs) {
    await new Promise<void>((resolve) => {
      const cancel = clock.schedule(Math.min(longestMs, endMs - clock.now()), () => {
        call.signal.removeEventListener('abort', wake);
        resolve();
      });
      const wake = (): void => {
        cancel();
        resolve();
      };
      call.signal.addEventListener('abort', wake, { once: true });
    });
  }
  return call.signal.aborted ? 130 : 0;
}

async function ps(call: Invocation): Promise<number> {
  await call.stdout.write('PID   USER     TIME  COMMAND\n');
  for (const { pid, command } of call.machine.processes.list()) {
    await call.stdout.write(`${String(pid).padStart(5)} ${call.machine.user.padEnd(8)}  0:00 ${command}\n`);
  }
  return 0;
}

async function kill(call: Invocation): Promise<number> {
  const targets = call.args.slice(1).filter((arg) => !arg.startsWith('-'));
  let status = 0;
  if (targets.length === 0) {
    await complain(call, 'you need to specify whom to kill');
    return 1;
  }
  for (const target of targets) {
    const found = call.machine.processes.list().find(({ pid }) => String(pid) === target);
    if (found === undefined) {
      await complain(call, `can't kill pid ${target}: No such process`);
      status = 1;
    } else found.kill?.();
  }
  return status;
}

async function stty(call: Invocation): Promise<number> {
  const { terminal } = call.machine;
  if (terminal === undefined) {
    await complain(call, 'standard input: Not a tty');
    return 1;
  }
  const { rows, columns } = terminal;
  if (call.args[1] === 'size') return say(call, `${rows} ${columns}`);
  if (call.args.length > 1 && call.args[1] !== '-a') return 0;
  return say(call, `speed 38400 baud; rows ${rows}; columns ${columns};`);
}

async function tty(call: Invocation): Promise<number> {
  await say(call, call.machine.terminal === undefined ? 'not a tty' : '/dev/pts/0');
  return Number(call.machine.terminal === undefined);
}

async function which(call: Invocation): Promise<number> {
  let status = 0;
  for (const name of call.args.slice(1)) {
    if (call.machine.files.stat(`/bin/${name}`)?.kind === 'file') await say(call, `/bin/${name}`);
    else status = 1;
  }
  return status;
}

async function yes(call: Invocation): Promise<number> {
  const text = `${call.args.slice(1).join(' ') || 'y'}\n`;
  while (!call.signal.aborted) {
    await call.machine.step();
    await call.stdout.write(text);
  }
  return 130;
}
