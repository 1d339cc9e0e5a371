/**
 * What makes a part of a page keep itself up to date: its own address, asked again and morphed in
 * place, so that focus and scroll stay. `assets/live.js` says when; nothing else knows whether that
 * is a clock or a push from the server.
 */
export const liveAttributes = (url: string) => ({
  'data-live': true,
  'hx-get': url,
  'hx-trigger': 'fleet:refresh',
  'hx-target': 'this',
  'hx-swap': 'outerMorph',
  'hx-sync': 'this:drop',
})
