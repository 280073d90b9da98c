import Spool

typealias StandingRecord = Standing
