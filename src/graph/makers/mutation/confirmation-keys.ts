import { profileKey } from '../../../kernel/profiles/profile-key.ts';
import { profileValues } from '../../../kernel/profiles/profile-values.ts';

/*
 * Listed by the plugin `core`, which is always loaded, so that their values stand in its section of a profile; declared here,
 * since the makers obey them for every mutation of every plugin.
 */

export const confirmPhrase = profileKey({
  name: 'confirm.phrase',
  schema: profileValues.textOrNone(),
  default: null,
  description:
    'What must be typed before something is deleted; null: the name, where the deletion asks for anything at all.',
  sources: ['CORE-24'],
});

export const confirmPhraseFor = profileKey({
  name: 'confirm.phraseFor',
  schema: profileValues.wordsOrAll(),
  default: null,
  description:
    "Things whose deletion asks for the phrase, such as CONFIG_MAP; null: all of them. The others ask for the object's name, or for nothing where a plain yes is enough.",
  sources: ['CORE-24', 'CORE-25'],
});
