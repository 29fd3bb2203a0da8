import type { ContainerRole, KubeletEffect } from './container-runtime.ts';
import type { Container } from './kubernetes-shapes.ts';

const lists: Readonly<Record<ContainerRole, string>> = {
  init: 'initContainers',
  main: 'containers',
  ephemeral: 'ephemeralContainers',
};

/** An event about one container of a pod. */
export function containerEvent(
  spec: Pick<Container, 'name'>,
  role: ContainerRole,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): KubeletEffect {
  return { do: 'record-event', type, reason, message, fieldPath: `spec.${lists[role]}{${spec.name}}` };
}

/** An event about the pod as a whole. */
export function podEvent(type: 'Normal' | 'Warning', reason: string, message: string): KubeletEffect {
  return { do: 'record-event', type, reason, message, fieldPath: undefined };
}
