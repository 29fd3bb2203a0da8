import type { LongshoreBuilder } from 'longshore/sdk';
import { registerUserLoaders } from './load-users.ts';
import { registerServiceToken } from './service-token.ts';
import { registerServiceTokenMutations } from './service-token-mutations.ts';
import { registerSession } from './session.ts';
import { registerSignInMethod } from './sign-in-method.ts';
import { registerUser } from './user.ts';
import { registerUserMutations } from './user-mutations.ts';

/** Who signs in: service tokens, sessions, users. */
export function registerUsers(builder: LongshoreBuilder): void {
  registerSignInMethod(builder);
  registerServiceToken(builder);
  registerSession(builder);
  registerUser(builder);
  registerUserLoaders(builder);
  registerServiceTokenMutations(builder);
  registerUserMutations(builder);
}
