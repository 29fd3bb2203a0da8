import { enumRef, type LongshoreBuilder, type SignInMethod } from 'longshore/sdk';

export const signInMethodRef = enumRef<SignInMethod>('SignInMethod');

/** Ways of signing in. */
export function registerSignInMethod(builder: LongshoreBuilder): void {
  builder.enumType('SignInMethod', {
    description: 'How somebody has signed in.',
    values: {
      SETTINGS_TOKEN: { description: 'With a token of the settings.' },
      ADMINISTRATOR_TOKEN: { description: 'With the token of the data folder.' },
      DEVELOPMENT: { description: 'With a development token, or with none where that is enough.' },
      OIDC: { description: 'With a token of an OpenID Connect provider.' },
      SERVICE_ACCOUNT: { description: 'With the token of a service account of a cluster.' },
      SERVICE_TOKEN: { description: 'With a service token.' },
      IMPERSONATION: { description: 'An administrator acts as them.' },
    },
  });
}
