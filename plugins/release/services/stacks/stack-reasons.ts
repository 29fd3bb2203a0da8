/** Why something cannot be done with a stack. */
export const stackReasons = {
  STACK_BUSY: 'Something is being done with the stack; it must end first.',
  STACK_CHANGED: 'Something else is being done with the stack by now, or its cluster has changed.',
  STACK_NAME_TAKEN: 'What would be made for the stack is there already, and is not of it.',
  STACK_APP_FAILED: 'An application of the stack has failed.',
  STACK_TOO_SLOW: 'An application of the stack was not ready, or not gone, in the time that the profile allows.',
};
