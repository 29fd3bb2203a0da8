/** `$(( ))` over whole numbers: + - * / % parentheses and comparisons. Throws a RangeError with the shell's words. */
export function evaluateArithmetic(text: string, readVariable: (name: string) => string): number {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|==|!=|<=|>=|&&|\|\||[-+*/%()<>!$]|\S/g) ?? [];
  let at = 0;
  let depth = 0;
  const levels: readonly (readonly string[])[] = [
    ['||'],
    ['&&'],
    ['==', '!='],
    ['<', '<=', '>', '>='],
    ['+', '-'],
    ['*', '/', '%'],
  ];

  function level(index: number): number {
    const operators = levels[index];
    if (operators === undefined) return unary();
    let left = level(index + 1);
    for (let operator = tokens[at]; operator !== undefined && operators.includes(operator); operator = tokens[at]) {
      at += 1;
      left = apply(operator, left, level(index + 1));
    }
    return left;
  }

  function unary(): number {
    depth += 1;
    if (depth > 200) throw new RangeError('arithmetic syntax error');
    try {
      const token = tokens[at];
      at += 1;
      if (token === '-') return -unary();
      if (token === '+') return unary();
      if (token === '!') return Number(unary() === 0);
      if (token === '$') return unary();
      if (token === '(') {
        const inner = level(0);
        if (tokens[at] !== ')') throw new RangeError('arithmetic syntax error');
        at += 1;
        return inner;
      }
      if (token !== undefined && /^\d+$/.test(token)) return Number(token);
      if (token !== undefined && /^[A-Za-z_]/.test(token)) return Math.trunc(Number(readVariable(token))) || 0;
      throw new RangeError('arithmetic syntax error');
    } finally {
      depth -= 1;
    }
  }

  if (tokens.length === 0) return 0;
  const value = level(0);
  if (at < tokens.length) throw new RangeError('arithmetic syntax error');
  return value;
}

function apply(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
    case '%':
      if (right === 0) throw new RangeError('divide by zero');
      return operator === '/' ? Math.trunc(left / right) : left % right;
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '<':
      return Number(left < right);
    case '<=':
      return Number(left <= right);
    case '>':
      return Number(left > right);
    case '>=':
      return Number(left >= right);
    case '&&':
      return Number(left !== 0 && right !== 0);
    default:
      return Number(left !== 0 || right !== 0);
  }
}
