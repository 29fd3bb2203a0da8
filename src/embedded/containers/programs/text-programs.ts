import type { ByteReader } from '../byte-pipe.ts';
import { FileError, resolvePath } from '../files/file-tree.ts';
import type { Invocation, Program } from '../process.ts';
import { createLineReader, holdLast, readAll, readLines } from '../read-text.ts';
import { compilePattern } from './match-pattern.ts';
import { parseOptions } from './options.ts';
import { complain, openInputs, type ProgramInput, refuseOption } from './program-inputs.ts';

/** Programs that read text and write text. */
export const textPrograms: Readonly<Record<string, Program>> = {
  cat,
  head: (call) => headOrTail(call, true),
  tail: (call) => headOrTail(call, false),
  grep: (call) => grep(call, false),
  egrep: (call) => grep(call, true),
  wc,
  sort,
  uniq,
  cut,
  tr,
  tee,
  seq,
};

async function cat(call: Invocation): Promise<number> {
  const { flags, operands, unknown } = parseOptions(call.args.slice(1), 'nu');
  if (unknown !== undefined) return refuseOption(call, unknown);
  const { inputs, status } = await openInputs(call, operands);
  let number = 0;
  for (const { reader } of inputs) {
    if (!flags.has('n')) {
      for (let chunk = await reader.read(); chunk !== undefined; chunk = await reader.read())
        await call.stdout.write(chunk);
      continue;
    }
    for await (const line of readLines(reader)) {
      number += 1;
      await call.stdout.write(`${String(number).padStart(6)}\t${line}\n`);
    }
  }
  return status;
}

async function headOrTail(call: Invocation, isHead: boolean): Promise<number> {
  // `-5` is an old way to write `-n 5`.
  const args = call.args.slice(1).map((arg) => (/^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg));
  const { flags, values, operands, unknown } = parseOptions(args, 'fFqv', 'nc');
  if (unknown !== undefined) return refuseOption(call, unknown);
  const count = values.get('n') ?? values.get('c') ?? '10';
  if (!/^[-+]?\d+$/.test(count)) {
    await complain(call, `invalid number '${count}'`);
    return 1;
  }
  const { inputs, status } = await openInputs(call, operands);
  for (const [index, { name, reader }] of inputs.entries()) {
    if (inputs.length > 1) await call.stdout.write(`${index > 0 ? '\n' : ''}==> ${name} <==\n`);
    const bytes = Math.abs(Number(count));
    if (values.has('c') && isHead) await writeFirstBytes(call, reader, bytes);
    else if (values.has('c')) {
      const all = await readAll(reader);
      await call.stdout.write(bytes === 0 ? '' : all.subarray(-bytes));
    } else if (isHead) await writeFirst(call, reader, Number(count));
    else await writeLast(call, reader, count);
  }
  if (!isHead && (flags.has('f') || flags.has('F'))) await untilInterrupted(call.signal);
  return status;
}

async function writeFirstBytes(call: Invocation, reader: ByteReader, count: number): Promise<void> {
  for (let left = count; left > 0; ) {
    const chunk = await reader.read();
    if (chunk === undefined) return;
    await call.stdout.write(chunk.subarray(0, left));
    left -= chunk.length;
  }
}

async function writeFirst(call: Invocation, reader: Parameters<typeof readLines>[0], count: number): Promise<void> {
  const lines = createLineReader(reader);
  for (let left = count; left > 0; left -= 1) {
    const line = await lines.next();
    if (line === undefined) return;
    await call.stdout.write(`${line}\n`);
  }
}

async function writeLast(call: Invocation, reader: Parameters<typeof readLines>[0], count: string): Promise<void> {
  if (!count.startsWith('+')) {
    for (const line of await holdLast(readLines(reader), Math.abs(Number(count)))) await call.stdout.write(`${line}\n`);
    return;
  }
  let number = 0;
  for await (const line of readLines(reader)) {
    number += 1;
    if (number >= Number(count)) await call.stdout.write(`${line}\n`);
  }
}

/** The lines of all inputs, one after the other. */
async function* linesOf(inputs: readonly ProgramInput[]): AsyncGenerator<string, void> {
  for (const { reader } of inputs) yield* readLines(reader);
}

function untilInterrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function grep(call: Invocation, isExtended: boolean): Promise<number> {
  const { flags, values, operands, unknown } = parseOptions(call.args.slice(1), 'ivclnqEFHhsow', 'em');
  if (unknown !== undefined) return refuseOption(call, unknown);
  const names = [...operands];
  const pattern = values.get('e') ?? names.shift();
  if (pattern === undefined) {
    await complain(call, 'no pattern');
    return 2;
  }
  const matches = compilePattern(pattern, {
    isFixed: flags.has('F'),
    isExtended: isExtended || flags.has('E'),
    ignoresCase: flags.has('i'),
  });
  const { inputs, status } = await openInputs(call, names);
  let hasFound = false;
  for (const { name, reader } of inputs) {
    const prefix = inputs.length > 1 && !flags.has('h') ? `${name}:` : '';
    let count = 0;
    let number = 0;
    for await (const line of readLines(reader)) {
      number += 1;
      if (matches(line) === flags.has('v')) continue;
      count += 1;
      hasFound = true;
      if (flags.has('q')) return 0;
      if (flags.has('l')) break;
      if (!flags.has('c')) await call.stdout.write(`${prefix}${flags.has('n') ? `${number}:` : ''}${line}\n`);
      if (values.has('m') && count >= Number(values.get('m'))) break;
    }
    if (flags.has('c')) await call.stdout.write(`${prefix}${count}\n`);
    else if (flags.has('l') && count > 0) await call.stdout.write(`${name === '-' ? '(standard input)' : name}\n`);
  }
  return status === 0 ? Number(!hasFound) : 2;
}

async function wc(call: Invocation): Promise<number> {
  const { flags, operands, unknown } = parseOptions(call.args.slice(1), 'lwcm');
  if (unknown !== undefined) return refuseOption(call, unknown);
  const { inputs, status } = await openInputs(call, operands);
  const isAll = flags.size === 0;
  const total = [0, 0, 0];
  const print = (counts: readonly number[], name: string): Promise<void> => {
    const shown = counts.filter(
      (_, index) => isAll || flags.has('lwc'[index] ?? '') || (index === 2 && flags.has('m')),
    );
    const columns = shown.length === 1 ? String(shown[0]) : shown.map((count) => String(count).padStart(9)).join(' ');
    return call.stdout.write(`${columns}${name === '-' ? '' : ` ${name}`}\n`);
  };
  for (const { name, reader } of inputs) {
    const text = (await readAll(reader)).toString();
    const counts = [
      text.split('\n').length - 1,
      text.split(/\s+/).filter((word) => word !== '').length,
      Buffer.byteLength(text),
    ];
    for (const [index, count] of counts.entries()) total[index] = (total[index] ?? 0) + count;
    await print(counts, name);
  }
  if (inputs.length > 1) await print(total, 'total');
  return status;
}

async function sort(call: Invocation): Promise<number> {
  const { flags, operands, unknown } = parseOptions(call.args.slice(1), 'rnuf');
  if (unknown !== undefined) return refuseOption(call, unknown);
  const { inputs, status } = await openInputs(call, operands);
  const lines = await holdLast(linesOf(inputs));
  const numberOf = (line: string): number => Number.parseFloat(line) || 0;
  const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  lines.sort((a, b) => (flags.has('n') ? numberOf(a) - numberOf(b) || byText(a, b) : byText(a, b)));
  if (flags.has('r')) lines.reverse();
  const shown = flags.has('u') ? [...new Set(lines)] : lines;
  for (const line of shown) await call.stdout.write(`${line}\n`);
  return status;
}

async function uniq(call: Invocation): Promise<number> {
  const { flags, operands, unknown } = parseOptions(call.args.slice(1), 'c');
  if (unknown !== undefined) return refuseOption(call, unknown);
  const { inputs, status } = await openInputs(call, operands.slice(0, 1));
  let last: string | undefined;
  let count = 0;
  const tell = async (): Promise<void> => {
    if (last === undefined) return;
    await call.stdout.write(flags.has('c') ? `${String(count).padStart(7)} ${last}\n` : `${last}\n`);
  };
  for await (const line of linesOf(inputs)) {
    if (line === last) {
      count += 1;
      continue;
    }
    await tell();
    [last, count] = [line, 1];
  }
  await tell();
  return status;
}

async function cut(call: Invocation): Promise<number> {
  const { values, operands, unknown } = parseOptions(call.args.slice(1), 's', 'dfc');
  const list = values.get('f') ?? values.get('c');
  if (unknown !== undefined || list === undefined) {
    await complain(call, 'expected a list of bytes, characters, or fields');
    return 1;
  }
  const isWanted = (index: number): boolean =>
    list.split(',').some((range) => {
      const [from = '', to] = range.split('-');
      const low = from === '' ? 1 : Number(from);
      return index >= low && index <= (to === undefined ? low : to === '' ? Number.POSITIVE_INFINITY : Number(to));
    });
  const delimiter = values.has('c') ? '' : (values.get('d') ?? '\t');
  const { inputs, status } = await openInputs(call, operands);
  for await (const line of linesOf(inputs)) {
    const fields = line.split(delimiter);
    const shown = fields.length === 1 && delimiter !== '' ? fields : fields.filter((_, index) => isWanted(index + 1));
    await call.stdout.write(`${shown.join(delimiter)}\n`);
  }
  return status;
}

async function tr(call: Invocation): Promise<number> {
  const { flags, operands } = parseOptions(call.args.slice(1), 'ds');
  const from = expandSet(operands[0] ?? '');
  const to = expandSet(operands[1] ?? '');
  const replace = (char: string): string => {
    const index = from.indexOf(char);
    if (index < 0) return char;
    return flags.has('d') ? '' : (to[Math.min(index, to.length - 1)] ?? '');
  };
  for (let chunk = await call.stdin.read(); chunk !== undefined; chunk = await call.stdin.read()) {
    await call.stdout.write([...Buffer.from(chunk).toString()].map(replace).join(''));
  }
  return 0;
}

function expandSet(text: string): string[] {
  const chars: string[] = [];
  const named = text
    .replaceAll('[:lower:]', 'a-z')
    .replaceAll('[:upper:]', 'A-Z')
    .replaceAll('[:digit:]', '0-9')
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t');
  for (let at = 0; at < named.length; at += 1) {
    const from = named.charCodeAt(at);
    const isRange = named[at + 1] === '-' && at + 2 < named.length;
    const to = isRange ? named.charCodeAt(at + 2) : from;
    for (let code = from; code <= Math.min(to, from + 255); code += 1) chars.push(String.fromCharCode(code));
    if (isRange) at += 2;
  }
  return chars;
}

async function tee(call: Invocation): Promise<number> {
  const { flags, operands } = parseOptions(call.args.slice(1), 'ai');
  let status = 0;
  const paths = operands.map((name) => resolvePath(call.cwd, name));
  const append = async (path: string, data: Uint8Array, isAppended: boolean): Promise<void> => {
    try {
      call.machine.files.write(path, data, { append: isAppended });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await complain(call, `${path}: ${error.message}`);
      status = 1;
    }
  };
  for (const path of paths) await append(path, new Uint8Array(), flags.has('a'));
  for (let chunk = await call.stdin.read(); chunk !== undefined; chunk = await call.stdin.read()) {
    await call.stdout.write(chunk);
    for (const path of paths) await append(path, chunk, true);
  }
  return status;
}

async function seq(call: Invocation): Promise<number> {
  const numbers = call.args.slice(1).map(Number);
  const [first = Number.NaN, second, third] = numbers;
  const from = numbers.length > 1 ? first : 1;
  const step = third === undefined ? 1 : (second ?? 1);
  const to = third ?? second ?? first;
  if ([from, step, to].some((number) => !Number.isFinite(number)) || step === 0) {
    await complain(call, 'invalid argument');
    return 1;
  }
  for (let value = from; step > 0 ? value <= to : value >= to; value += step) {
    await call.machine.step();
    if (call.signal.aborted) return 130;
    await call.stdout.write(`${value}\n`);
  }
  return 0;
}
