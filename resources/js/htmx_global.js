// The Alpine extension expects window.htmx before it runs, so this module comes first.
import htmx from 'htmx.org'
window.htmx = htmx
export default htmx
