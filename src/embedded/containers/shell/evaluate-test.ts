import { resolvePath } from '../files/file-tree.ts';
import { ShellError, type ShellState } from './shell-state.ts';

/** `test` and `[`: 0 is true, 1 is false. Throws `ShellError` 2 for what is no expression. */
export function evaluateTest(args: readonly string[], state: ShellState): number {
  return Number(!isTrue(args, state));
}

function isTrue(args: readonly string[], state: ShellState): boolean {
  const either = args.indexOf('-o');
  if (either > 0) return isTrue(args.slice(0, either), state) || isTrue(args.slice(either + 1), state);
  const both = args.indexOf('-a');
  if (both > 0) return isTrue(args.slice(0, both), state) && isTrue(args.slice(both + 1), state);
  if (args[0] === '!' && args.length > 1) return !isTrue(args.slice(1), state);
  const [first = '', second = '', third = ''] = args;
  if (args.length === 0) return false;
  if (args.length === 1) return first !== '';
  if (args.length === 2) return unary(first, second, state);
  if (args.length === 3) return binary(first, second, third);
  throw new ShellError('test: too many arguments', 2);
}

function unary(operator: string, operand: string, state: ShellState): boolean {
  if (operator === '-n') return operand !== '';
  if (operator === '-z') return operand === '';
  if (operator === '-t') return state.machine.terminal !== undefined;
  const stat = state.machine.files.stat(resolvePath(state.cwd, operand));
  switch (operator) {
    case '-e':
    case '-r':
    case '-w':
      return stat !== undefined;
    case '-f':
      return stat?.kind === 'file';
    case '-d':
      return stat?.kind === 'directory';
    case '-s':
      return (stat?.size ?? 0) > 0;
    case '-x':
      return stat !== undefined && (stat.mode & 0o111) !== 0;
    case '-L':
    case '-h':
      return state.machine.files.lstat(resolvePath(state.cwd, operand))?.kind === 'link';
    case '-S':
    case '-p':
      return false;
    default:
      throw new ShellError(`${operator}: unknown operand`, 2);
  }
}

function binary(left: string, operator: string, right: string): boolean {
  switch (operator) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '-eq':
      return number(left) === number(right);
    case '-ne':
      return number(left) !== number(right);
    case '-lt':
      return number(left) < number(right);
    case '-le':
      return number(left) <= number(right);
    case '-gt':
      return number(left) > number(right);
    case '-ge':
      return number(left) >= number(right);
    default:
      throw new ShellError(`${operator}: unknown operand`, 2);
  }
}

function number(text: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new ShellError(`${text}: bad number`, 2);
  return Number(text);
}
