import { PreconditionError, type Profile, type TerminalSubject, type ValidationIssue } from 'longshore/sdk';
import type { PodObject } from '../api.ts';
import { terminalIdleTimeoutSeconds } from '../profile-keys/pods.ts';
import {
  type ContainerView,
  containerNamesOf,
  containersOf,
  defaultContainerOf,
  ephemeralContainersOf,
  initContainersOf,
} from './containers.ts';

/** The container that was asked for by name, or the one that kubectl would take; undefined where the pod has none such. */
export function containerFor(pod: PodObject, asked: string | null | undefined): ContainerView | undefined {
  const name = asked ?? defaultContainerOf(pod);
  const all = [...containersOf(pod), ...initContainersOf(pod), ...ephemeralContainersOf(pod)];
  return all.find(({ spec }) => spec.name === name);
}

export function checkContainer(pod: PodObject, asked: string | null | undefined): ValidationIssue[] {
  if (containerFor(pod, asked)) return [];
  const message = `there is no container '${asked ?? ''}' in the pod, it has ${containerNamesOf(pod).join(', ')}`;
  return [{ path: ['container'], code: 'unknown_container', message }];
}

/**
 * What a ticket for a terminal in this pod says. Throws `PreconditionError` where the container does not run. `command` is undefined
 * for the container's own process, whose input and terminal are those of its specification.
 */
export function prepareTerminal(
  {
    pod,
    target,
    profile,
  }: { readonly pod: PodObject; readonly target: TerminalSubject['target']; readonly profile: Profile },
  asked: {
    readonly container?: string | null | undefined;
    readonly command: readonly string[] | undefined;
    readonly columns: number;
    readonly rows: number;
  },
): TerminalSubject {
  const container = containerFor(pod, asked.container);
  if (!container?.status?.state?.running) {
    throw new PreconditionError(
      'CONTAINER_NOT_STARTED',
      `Container '${container?.spec.name}' of pod '${target.name}' does not run`,
    );
  }
  const { spec } = container;
  const seconds = profile.get(terminalIdleTimeoutSeconds);
  const { columns, rows, command } = asked;
  return {
    target,
    podUid: pod.metadata.uid ?? '',
    container: spec.name,
    command: command ? [...command] : null,
    hasInput: command !== undefined || spec.stdin === true,
    isTerminal: command !== undefined || spec.tty === true,
    columns,
    rows,
    idleMs: seconds === null ? null : seconds * 1_000,
  };
}
