import type { LongshoreBuilder } from 'longshore/sdk';
import { registerContainerInput } from './container-input.ts';
import { registerEnvironmentInput } from './environment-input.ts';
import { registerKindInput } from './kind-input.ts';
import { registerPodTemplateInput } from './pod-template-input.ts';
import { registerProbeInput } from './probe-input.ts';
import { registerSchedulingInput } from './scheduling-input.ts';
import { registerVolumeInput } from './volume-input.ts';

/** Input types of the form by which workloads are made and changed. */
export function registerFormInputs(builder: LongshoreBuilder): void {
  registerEnvironmentInput(builder);
  registerProbeInput(builder);
  registerContainerInput(builder);
  registerVolumeInput(builder);
  registerSchedulingInput(builder);
  registerPodTemplateInput(builder);
  registerKindInput(builder);
}
