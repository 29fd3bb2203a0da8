import type { LongshoreBuilder } from 'longshore/sdk';
import { registerAppService } from './app-service.ts';
import { registerAppServiceMutations } from './app-service-mutations.ts';
import { registerDeleteAppService } from './delete-app-service.ts';
import { registerAppServiceLoaders } from './load-app-services.ts';
import { registerVersion } from './version.ts';
import { registerVersionInputs } from './version-inputs.ts';

/** App services and their versions. */
export function registerAppServices(builder: LongshoreBuilder): void {
  registerAppServiceLoaders(builder);
  registerVersionInputs(builder);
  registerVersion(builder);
  registerAppService(builder);
  registerAppServiceMutations(builder);
  registerDeleteAppService(builder);
}
