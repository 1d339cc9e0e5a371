import { test } from '@japa/runner'
import { Edge } from 'edge.js'
import { keepPartials } from '#services/view/partials'

/** An engine whose loader counts how often a template is read. */
function engine() {
  const edge = Edge.create({ cache: true })
  edge.registerTemplate('row', { template: `<i>{{ typeof one === 'undefined' ? '-' : one }}</i>` })
  edge.registerTemplate('list', {
    template: `@each(one in ones)\n@include('row')\n@end\n@include('row')\n`,
  })
  const reads: string[] = []
  const { resolve } = edge.loader
  edge.loader.resolve = (path) => {
    reads.push(path)
    return resolve.call(edge.loader, path)
  }
  return { edge, reads }
}

const bare = (text: string) => text.replaceAll(/\s/g, '')

test.group('Partials', () => {
  test('are compiled once for each set of local variables, and see their own', async ({
    assert,
  }) => {
    const { edge, reads } = engine()
    keepPartials(edge)
    const first = await edge.render('list', { ones: [1, 2, 3] })
    const second = await edge.render('list', { ones: ['a'] })
    assert.equal(bare(first), '<i>1</i><i>2</i><i>3</i><i>-</i>')
    assert.equal(bare(second), '<i>a</i><i>-</i>')
    assert.deepEqual(reads.filter((path) => path === 'row').length, 2)
  })
})
