import type { Edge } from 'edge.js'

type Compiler = Edge['compiler']

/**
 * Keeps compiled partials. Edge (6.5) keeps whole templates only: it reads and compiles whatever
 * `@include` names each time anew, because the names of local variables at that place go into the
 * function. There are few such places, so each is kept with its names.
 */
export function keepPartials(edge: Edge) {
  for (const compiler of [edge.compiler, edge.asyncCompiler]) keepIn(compiler)
}

function keepIn(compiler: Compiler) {
  const kept = new Map<string, ReturnType<Compiler['compile']>>()
  const compile = compiler.compile.bind(compiler)
  compiler.compile = (path, locals) => {
    if (!locals) return compile(path)
    const key = `${path} ${locals.join(' ')}`
    const known = kept.get(key) ?? compile(path, locals)
    kept.set(key, known)
    return known
  }
}
