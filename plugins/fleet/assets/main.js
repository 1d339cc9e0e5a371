import './live.js'
import './map.js'
