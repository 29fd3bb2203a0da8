import { profileKey } from '../../../kernel/profiles/profile-key.ts';
import { profileValues } from '../../../kernel/profiles/profile-values.ts';

/** Listed by the plugin `core`, as the keys of confirmation are. */
export const batchOperations = profileKey({
  name: 'batch.operations',
  schema: profileValues.wordsOrAll(),
  default: null,
  description:
    'Operations that may be done to several things at once: what it is and what is done to it, such as CONFIG_MAP_DELETE or APPLICATION_START; null: all there are.',
  sources: ['CON-28', 'CORE-26'],
});
