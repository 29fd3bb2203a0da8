import { type LongshoreBuilder, registerDeletion } from 'longshore/sdk';
import { storageClassKind, storageClassTypeRef } from '../../api.ts';
import { registerCreateClass } from './create-class.ts';
import { registerParameterInput } from './parameter-input.ts';
import { registerUpdateClass } from './update-class.ts';

export function registerClassMutations(builder: LongshoreBuilder): void {
  registerParameterInput(builder);
  registerCreateClass(builder);
  registerUpdateClass(builder);
  registerDeletion(builder, {
    kind: storageClassKind,
    ref: storageClassTypeRef,
    plural: 'StorageClasses',
    description:
      'While claims, volumes or claim templates of StatefulSets name it the answer is an `InUseError` with them as `references`.',
  });
}
