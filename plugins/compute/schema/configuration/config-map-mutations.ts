import { type LongshoreBuilder, registerDeletion } from 'longshore/sdk';
import { configMapKind, configMapTypeRef } from '../../api.ts';
import { registerCreateConfigMap } from './create-config-map.ts';
import { registerUpdateConfigMap } from './update-config-map.ts';

export function registerConfigMapMutations(builder: LongshoreBuilder): void {
  registerCreateConfigMap(builder);
  registerUpdateConfigMap(builder);
  registerDeletion(builder, {
    kind: configMapKind,
    ref: configMapTypeRef,
    description:
      'While something uses it (`usedBy`), the answer is an `InUseError` with what the caller may see of that as `references`, or asks for `acknowledge: [IN_USE]`, as the profile says (`config.deleteWhenReferenced`).',
  });
}
