import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EmbeddedCluster,
  type EmbeddedClusterOptions,
  startEmbeddedCluster,
} from '../../src/embedded/start-embedded-cluster.ts';
import { findCli } from './find-cli.ts';

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An embedded cluster with a folder, a kubeconfig and the command-line clients that others wrote. */
export interface CliCluster extends AsyncDisposable {
  readonly cluster: EmbeddedCluster;
  /** Absolute path of the folder the commands run in. */
  readonly folder: string;
  /** Runs kubectl and answers its standard output; rejects with its standard error when it fails. */
  kubectl(...args: string[]): Promise<string>;
  helm(...args: string[]): Promise<string>;
  /** Runs kubectl whatever comes of it; `input` goes to its standard input, `extra` to its environment. */
  tryKubectl(args: readonly string[], input?: string, extra?: Readonly<Record<string, string>>): Promise<CliResult>;
  /** Starts kubectl and goes on, for what follows or waits. Whatever still runs at the end of the test is to be stopped. */
  startKubectl(...args: string[]): RunningCli;
  /** Writes a file into the folder and answers its path. */
  file(name: string, text: string): Promise<string>;
}

export interface RunningCli extends AsyncDisposable {
  /** What it has printed until now. */
  stdout(): string;
  stderr(): string;
  readonly ended: Promise<CliResult>;
}

/** The file that `kubectl edit` runs with the path of what is to be edited; a test writes it by `file`. */
export const editorScript = 'edit.sh';

const timeoutMs = 30_000;

/** Starts a cluster for kubectl and helm. Ask `findCli` first whether they are there. */
export async function startCliCluster(options: EmbeddedClusterOptions = {}): Promise<CliCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-cli-'));
  const cluster = await startEmbeddedCluster({ speed: 50, nodes: 2, ...options });
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    KUBECONFIG: kubeconfig,
    KUBECACHEDIR: join(folder, 'cache'),
    NO_COLOR: '1',
    KUBE_EDITOR: `sh ${join(folder, editorScript)}`,
  };
  const run = (
    name: 'kubectl' | 'helm',
    args: readonly string[],
    input?: string,
    extra: Readonly<Record<string, string>> = {},
  ): Promise<CliResult> => runCommand(findCli(name) ?? name, args, { cwd: folder, env: { ...env, ...extra } }, input);
  const demand = async (name: 'kubectl' | 'helm', args: readonly string[]): Promise<string> => {
    const result = await run(name, args);
    if (result.exitCode === 0) return result.stdout;
    throw new Error(`${name} ${args.join(' ')} exits with ${result.exitCode}: ${result.stderr}${result.stdout}`);
  };
  return {
    cluster,
    folder,
    kubectl: (...args) => demand('kubectl', args),
    helm: (...args) => demand('helm', args),
    tryKubectl: (args, input, extra) => run('kubectl', args, input, extra),
    startKubectl: (...args) => startCommand(findCli('kubectl') ?? 'kubectl', args, { cwd: folder, env }),
    async file(name, text) {
      const path = join(folder, name);
      await writeFile(path, text);
      return path;
    },
    async [Symbol.asyncDispose]() {
      await cluster.stop();
      await rm(folder, { recursive: true });
    },
  };
}

function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Record<string, string> },
  input = '',
): Promise<CliResult> {
  return startCommand(command, args, options, input).ended;
}

function startCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Record<string, string> },
  input = '',
): RunningCli {
  const child = spawn(command, args, { ...options, timeout: timeoutMs });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ exitCode: code ?? 1, stdout, stderr: signal === null ? stderr : `${stderr}ended by ${signal}` });
    });
  });
  // A command that has ended takes no more input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}
