import type { KubeObject } from 'longshore/sdk';
import { stackLabel } from './stack-plan.ts';

/** Whether an object is part of the stack with this uuid. */
export function isOfStack(object: Pick<KubeObject, 'metadata'>, uuid: string): boolean {
  return object.metadata.labels?.[stackLabel] === uuid;
}
